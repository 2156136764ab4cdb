"""vitrine.py - gdb over a visit in the sealed world: both ends in one process, and a clock that stops with them.

`make gdb` starts it; docs/debugger.md walks through a handshake with it. Everything that is told goes through trace_emit,
which is never inlined: that is where these commands stop. A tape (trace/tape.h) keeps what was told, so that bytes, keys
and reasons can be asked for; plain gdb commands work at any time between. `help visit` lists the commands.
"""
import os
import re
import gdb

TELLERS = re.compile(r'^(trace_|tell|.*_tell)')        # functions that speak for the one that called them
HOSTS = 3
DECLARE = ('EVENT_PACKET', 'EVENT_RECORD', 'EVENT_MESSAGE', 'EVENT_BUFFER')


def call(words):
    return gdb.parse_and_eval(words)


def text(value):
    return value.string('utf-8', 'replace') if int(value) else ''


def name_of(enum):
    """TCP_SYN_SENT, WAIT_FINISHED, FIELD_GROUP: the name of an enum's value."""
    return str(enum).split('::')[-1]


def octets(value):
    """A struct bytes."""
    n = int(value['n'])
    return bytes(gdb.selected_inferior().read_memory(int(value['at']), n)) if n else b''


def ms(ns):
    return '%d.%d ms' % (ns // 1000000, ns // 100000 % 10)


def addr(a):
    n = int(a['len'])
    return '.'.join(str(int(a['octets'][i])) for i in range(n)) if n == 4 else '?'


def frames():
    f = gdb.newest_frame()
    while f is not None:
        yield f
        f = f.older()


# --- what was told: the tape ---

class Event:
    """A struct event of the tape."""
    def __init__(self, at):
        self.at = at.dereference()

    def __getattr__(self, name):
        return self.at[name]

    def attrs(self, kinds=()):
        for i in range(int(self.at['n_attrs'])):
            a = self.at['attrs'][i]
            kind = name_of(a['type'])
            value = str(int(a['number'])) if kind == 'ATTR_NUMBER' else \
                text(a['text']) if kind == 'ATTR_TEXT' else octets(a['bytes']).hex()
            if not kinds or kind in kinds:
                yield text(a['name']), value

    def attr(self, name):
        return dict(self.attrs()).get(name, '')

    def line(self):
        what = text(self.at['label']) or text(self.at['name'])
        if name_of(self.at['kind']) == 'EVENT_STATE':
            what = '%s -> %s, by %s' % (self.attr('from'), self.attr('to'), self.attr('trigger'))
        again = self.attr('retransmission')
        what += '\n        again: ' + again if again else ''
        buf = int(self.at['buf'])
        number = '#%d ' % (buf & 0xfffffff) if buf >> 28 == 1 else ''
        return 'n%-4d %8s  %-8s %s%s %s' % (int(self.at['n']), ms(int(self.at['t']) - visit.began()), host_name(int(self.at['host'])),
                                          number, text(self.at['layer']), what)


def host_name(number):
    h = visit.trace_call('trace_host_of', number)
    return text(h.dereference()['name']) if int(h) else ''


class Visit:
    """The visit that is being debugged."""
    def __init__(self):
        self.clear()
        gdb.events.exited.connect(lambda _: self.clear())

    def clear(self):
        self.tape = self.trace = self.sealed = self.pid = None
        self.kept, self.buffers, self.over = [None], {}, False          # the tape's events as far as they were read
        self.places = {}                                # event of a message -> where it lies in its stream
        self.marks = {}                                 # packet -> gdb's number of the checkpoint taken there

    def start(self, extra=()):
        """Runs to where the world is made, and has the run kept on a tape."""
        args = [a for a in gdb.parameter('args').split(' > ')[0].split() if a]
        if not args or args[0] != 'visit':
            args = ['visit']
        gdb.execute('set args %s > %s' % (' '.join(args + list(extra)), os.devnull))
        self.forget()
        with Quiet():
            Stop('sealed_visit_new')
            gdb.execute('run', to_string=True)
        if not gdb.selected_inferior().pid:
            raise gdb.GdbError('the visit did not begin: %s' % ' '.join(args + list(extra)))
        outer = next(f for f in frames() if f.name() == 'visit')
        outer.select()
        if not call('(_Bool)watch_tape(&watching)'):
            raise gdb.GdbError('no memory for the tape')
        self.tape, self.trace = int(call('watching.tape')), int(call('watching.trace'))
        gdb.newest_frame().select()
        self.pid = gdb.selected_inferior().pid

    def forget(self):
        if gdb.selected_inferior().pid:
            for number in self.marks.values():
                gdb.execute('delete checkpoint %d' % number, to_string=True)
            with Quiet():
                gdb.execute('kill', to_string=True)
        self.clear()

    def alive(self):
        return bool(self.tape and gdb.selected_inferior().pid == self.pid)

    def here(self):
        if gdb.selected_inferior().pid not in (0, self.pid):
            raise gdb.GdbError('this run is your own, without a tape; `visit-start` begins one that has it')
        if not self.alive() or self.over:
            self.start()

    def tape_call(self, function, *args):
        return call('%s(%s)' % (function, ', '.join(['(struct tape *)%d' % self.tape] + [str(a) for a in args])))

    def trace_call(self, function, *args):
        return call('%s(%s)' % (function, ', '.join(['(struct trace *)%d' % self.trace] + [str(a) for a in args])))

    def events(self):
        return int(self.tape_call('tape_events'))

    def event(self, n):
        """Each event is asked for once: a call into the program takes gdb a millisecond."""
        while len(self.kept) <= n:
            at = self.tape_call('tape_event', len(self.kept))
            if not int(at):
                return None
            e = Event(at)
            if name_of(e.kind) in DECLARE:
                self.buffers[int(e.buf)] = e
            self.kept.append(e)
        return self.kept[n]

    def went_back(self):
        """The world and its tape are as they were."""
        self.kept = self.kept[:self.events() + 1]
        self.buffers = {b: e for b, e in self.buffers.items() if int(e.n) < len(self.kept)}
        self.places = {n: p for n, p in self.places.items() if n < len(self.kept)}
        self.over = False

    def packet(self):
        """The number of the last packet."""
        return int(self.tape_call('tape_count', "'p'"))

    def declared(self, buf):
        buf = int(call(buf)) if isinstance(buf, str) else buf
        return self.buffers.get(buf) or self.event(self.events()) and self.buffers.get(buf)

    def world(self):
        """The struct sealed_visit, found through the loop of any frame."""
        if self.sealed is None:
            kind = gdb.lookup_type('struct sealed_visit')
            inside = next(f for f in kind.fields() if f.name == 'loop').bitpos // 8
            for f in frames():
                if f.name() in ('loop_turn', 'loop_begin'):
                    self.sealed = int(f.read_var('l')) - inside
        if self.sealed is None:
            raise gdb.GdbError('nobody lives yet: visit-next')
        return gdb.Value(self.sealed).cast(gdb.lookup_type('struct sealed_visit').pointer()).dereference()

    def began(self):
        return int(self.trace_call('trace_start'))

    def clock(self):
        return int(self.world()['loop']['now']) - self.began()


class Quiet:
    """gdb says nothing of its own, and asks nothing."""
    names = ('confirm', 'print thread-events', 'print inferior-events', 'pagination')

    def __enter__(self):
        self.were = [(n, gdb.parameter(n)) for n in self.names]
        for n in self.names:
            gdb.execute('set %s off' % n)

    def __exit__(self, *_):
        for n, was in self.were:
            gdb.execute('set %s %s' % (n, 'on' if was else 'off'))


class Stop(gdb.Breakpoint):
    """Stops once, and says nothing."""
    def __init__(self, where):
        super().__init__(where, internal=True, temporary=True)
        self.silent = True


class Return(gdb.FinishBreakpoint):
    """Where the innermost function goes on in its caller."""
    def __init__(self):
        super().__init__(gdb.newest_frame(), internal=True)
        self.silent = True


class End(gdb.Breakpoint):
    """Where the visit is over, and all of it can still be looked at."""
    def __init__(self):
        super().__init__('sealed_visit_free', internal=True)
        self.silent = True

    def stop(self):
        visit.over = True
        return True


class Hook(gdb.Breakpoint):
    """On trace_emit, while a visit- command runs. `want` gets the event that is about to be told."""
    def __init__(self, want):
        super().__init__('trace_emit', internal=True)
        self.silent, self.want, self.hit = True, want, False

    def stop(self):
        self.hit = self.hit or bool(self.want(gdb.newest_frame().read_var('told').dereference()))
        return self.hit


def run_to(want):
    """Goes on to the first event that is wanted, and out of the functions that tell it. False: the visit is over."""
    hook, end = Hook(want), End()
    with Quiet():
        gdb.execute('continue', to_string=True)
        alive = gdb.selected_inferior().pid != 0
        hit = hook.hit
        if alive:
            hook.delete()
            end.delete()
        while alive and hit and TELLERS.match(gdb.newest_frame().name() or ''):
            Return()
            gdb.execute('continue', to_string=True)
    return alive and hit


def attr_of(event, name):
    for i in range(int(event['n_attrs'])):
        if text(event['attrs'][i]['name']) == name:
            return text(event['attrs'][i]['text'])
    return ''


def is_packet(event):
    return name_of(event['kind']) == 'EVENT_PACKET'


def mark():
    """A checkpoint at this packet, for visit-back."""
    if visit.packet() in visit.marks:
        return
    with Quiet():
        said = gdb.execute('checkpoint', to_string=True)
    number = re.search(r'Checkpoint (\d+)', said)
    if number:
        visit.marks[visit.packet()] = int(number.group(1))


def next_packet():
    visit.here()
    if not run_to(is_packet):
        return False
    mark()
    return True


def stream_place(buf, off):
    """Down from an octet of a buffer to the stream on which it lies: (stream, offset), or None."""
    while buf >> 28 != 2:                               # until a stream's number
        event, at = visit.declared(buf), 0
        if event is None or not int(event.n_spans):
            return None
        for i in range(int(event.n_spans)):
            span = event.spans[i]
            if off < at + int(span['len']) or i == int(event.n_spans) - 1:
                buf, off = int(span['in']), int(span['off']) + off - at
                break
            at += int(span['len'])
    return buf, off


def what_lies_in(packet):
    """The messages in a packet, and records, where these are no handshake: (name, buffer) of each."""
    inside, seen = [], set()
    for n in range(1, visit.events() + 1):
        e = visit.event(n)
        kind, name = name_of(e.kind), text(e.name)
        if kind != 'EVENT_MESSAGE' and (kind != 'EVENT_RECORD' or name == 'handshake'):
            continue
        if n not in visit.places:
            visit.places[n] = stream_place(int(e.buf), 0), stream_place(int(e.buf), int(e.bytes['n']) - 1)
        first, last = visit.places[n]
        for i in range(int(packet.n_carries)):
            c = packet.carries[i]
            from_, to = int(c['off']), int(c['off']) + int(c['len'])
            if first and last and first[0] == int(c['stream']) and first[1] < to and last[1] >= from_ \
                    and (name, first) not in seen:
                seen.add((name, first))
                inside.append((first, name, '%s%d' % ('-psrmobcdh'[int(e.buf) >> 28], int(e.buf) & 0xfffffff)))
    return [(name, buf) for _, name, buf in sorted(inside)]


def say_packet():
    packet = visit.declared('tape_buf(112, %d)' % visit.packet())            # 112: 'p'
    inside = what_lies_in(packet)
    print(packet.line() + ('\n        ' + ', '.join(name for name, _ in inside) if inside else ''))


def say_over():
    print('The visit is over. visit-back goes back; visit-next begins it anew, visit-break spoils one thing first.')


# --- both ends ---

def tcp_ends(t):
    c = t['carrier']
    return '%d -> %s:%d %s' % (int(c['port']), addr(c['peer']), int(c['peer_port']),
                               name_of(t['state'])[4:].replace('_', '-'))


def tcp_variables(t):
    iss, irs = int(t['iss']), int(t['irs'])
    sent, got = (lambda v: (int(v) - iss) % 2**32), (lambda v: (int(v) - irs) % 2**32)
    line = '  snd_una %d snd_nxt %d snd_wnd %d' % (sent(t['snd_una']), sent(t['snd_nxt']), int(t['snd_wnd']))
    if irs:
        line += '  rcv_nxt %d rcv_wnd %d' % (got(t['rcv_nxt']), int(t['rcv_wnd']))
    return line[2:] + '  cwnd %d rto %s' % (int(t['cwnd']), ms(int(t['rto'])))


def timers(t):
    start = visit.began()
    kinds = gdb.lookup_type('enum tcp_timer_kind').fields()
    at = [(k.name[len('TCP_TIMER_'):].lower(), int(t['timer'][k.enumval])) for k in kinds if k.name != 'TCP_TIMERS']
    return ', '.join('%s at %s' % (n, ms(v - start)) for n, v in at if v < 2**63 - 1)


def tls_line(t):
    line = '%s, %s' % (name_of(t['state']), name_of(t['progress']))
    suite = t['facts']['suite']
    if int(suite):
        line += ', ' + text(suite.dereference()['name'])
    return line, '%d records sealed, %d opened' % (int(t['writing']['sequence']), int(t['reading']['sequence']))


def sessions(world, host):
    """The struct tls of each session on this host."""
    if host == 'browser' and int(world['visit']['session']['tls']):
        yield world['visit']['session']['tls'].dereference()
    guest = world['web'].dereference()['first'] if host == 'web' and int(world['web']) else 0
    while int(guest):
        if int(guest.dereference()['session']['tls']):
            yield guest.dereference()['session']['tls'].dereference()
        guest = guest.dereference()['next']


def where():
    world = visit.world()
    print('clock %s, packet #%d, event n%d, in %s' % (ms(visit.clock()), visit.packet(), visit.events(),
                                                     gdb.newest_frame().name()))
    for i in range(HOSTS):
        stack = world['hosts'][i].cast(gdb.lookup_type('struct stack').pointer()).dereference()
        name = host_name(i + 1)
        print('%-9s %s' % (name, addr(stack['config']['addr'])))
        for k in range(int(stack['tcp']['n'])):
            t = stack['tcp']['all'][k]
            if t['in_use']:
                print('    tcp %s\n        %s' % (tcp_ends(t), tcp_variables(t)))
                if timers(t):
                    print('        %s' % timers(t))
        for t in sessions(world, name):
            print('    tls %s\n        %s' % tls_line(t))


# --- the commands ---

class Command(gdb.Command):
    """A visit- command: its name, and what it does; errors are sentences."""
    def __init__(self, name, run, doc):
        self.__doc__ = doc
        super().__init__(name, gdb.COMMAND_USER)
        self.run = run

    def invoke(self, arg, from_tty):
        if self.run is not visit_next:
            self.dont_repeat()
        self.run(gdb.string_to_argv(arg))


def visit_next(argv):
    for _ in range(int(argv[0]) if argv else 1):
        if not next_packet():
            return say_over()
        say_packet()


def wanted(argv):
    """Words in any order: packet 18; event 41; fault; message ServerHello; tls web wait_finished."""
    words = [w.lower().replace('-', '_') for w in argv]
    if not words:
        raise gdb.GdbError('until what? packet 18, event 41, message ServerHello, tls web wait_finished, fault')
    if words[0] == 'packet' and len(words) == 2:
        return lambda e: is_packet(e) and int(e['buf']) & 0xfffffff >= int(words[1])
    if words[0] == 'event' and len(words) == 2:
        return lambda e: visit.events() + 1 >= int(words[1])
    if words[0] == 'fault':
        return lambda e: name_of(e['kind']) == 'EVENT_FAULT'
    layers = [w for w in words if w in ('tcp', 'tls')]
    hosts = [w for w in words if w in ('browser', 'resolver', 'web')]
    rest = [w for w in words if w not in layers + hosts + ['message']]
    kind = 'EVENT_MESSAGE' if 'message' in words else 'EVENT_STATE'
    if len(rest) != 1:
        raise gdb.GdbError('until what? one state or message, not: %s' % ' '.join(argv))

    def want(e):
        return name_of(e['kind']) == kind and text(e['name']).lower().replace('-', '_') == rest[0] \
            and (not layers or text(e['layer']) == layers[0]) and (not hosts or host_name(int(e['host'])) == hosts[0])
    return want


def visit_until(argv):
    want = wanted(argv)
    visit.here()
    last = []

    def look(e):
        if want(e):
            last.append(True)
            return True
        return is_packet(e)
    while run_to(look):                                 # at each packet for a checkpoint
        if is_told_packet():
            mark()
        if last:
            say_packet() if is_told_packet() else print(visit.event(visit.events()).line())
            return
    say_over()


def is_told_packet():
    return name_of(visit.event(visit.events()).kind) == 'EVENT_PACKET'


def visit_where(argv):
    visit.here()
    where()


def buffer_of(argv):
    if not argv:
        return 'tape_buf(112, %d)' % visit.packet()
    m = re.match(r'^#?([prmobcdh]?)(\d+)$', argv[0])
    if not m:
        raise gdb.GdbError('a buffer is p6 (or 6), r1, m3, o2, c1, d1, h1 or b1, not %s' % argv[0])
    return 'tape_buf(%d, %s)' % (ord(m.group(1) or 'p'), m.group(2))


def visit_bytes(argv):
    visit.here()
    buf = buffer_of(argv)
    event = visit.declared(buf)
    if event is None:
        raise gdb.GdbError('nothing of that number has been told yet')
    whole = octets(event.bytes)
    print('%s: %d octets' % (event.line(), len(whole)))
    if name_of(event.kind) == 'EVENT_PACKET' and int(event.n_carries):
        inside = ', '.join('%s (visit-bytes %s)' % i for i in what_lies_in(event))
        print('      its data: %d octets%s' % (int(event.carries[0]['len']), ', of ' + inside if inside else ''))
    fields = visit.tape_call('tape_fields', buf)
    for i in range(int(fields['n'])):
        f = fields['at'][i]
        field, depth = f['field'], int(f['depth'])
        off, n = int(field['off']), int(field['len'])
        kind = name_of(field['type'])
        value = str(int(field['number'])) if kind == 'FIELD_NUMBER' else ''
        words = text(field['words'])
        shown = '' if not f['leaf'] else whole[off:off + min(n, 8)].hex() + ('...' if n > 8 else '')
        print('%5d %5d  %-20s %s%s%s' % (off, n, shown, '  ' * depth, text(field['name']),
                                        (' = ' + value + (' ' + words if words else '')) if value or words else ''))


def lines_of(hexes, indent):
    return ('\n' + ' ' * indent).join(hexes[i:i + 64] for i in range(0, len(hexes), 64))


def visit_keys(argv):
    visit.here()
    keys = [e for e in (visit.event(n) for n in range(1, visit.events() + 1)) if name_of(e.kind) == 'EVENT_KEY'
            and (not argv or text(e.name) == argv[0])]
    for e in keys:
        print(e.line())
        values = [(name, value) for name, value in e.attrs(('ATTR_HEX', 'ATTR_SECRET')) if name != 'keylog']
        for name, value in values if argv else []:
            print('        %-16s %s' % (name, lines_of(value, 25)))
        if values and not argv:                         # the last is what came out
            print('        %s' % lines_of(values[-1][1], 8))
    if not keys:
        print('no such key has been derived yet')


def visit_why(argv):
    visit.here()
    n = int(argv[0].lstrip('n')) if argv else int(visit.declared(buffer_of([])).n) if visit.packet() else visit.events()
    because = ''
    while n:
        e = visit.event(n)
        if e is None:
            raise gdb.GdbError('there is no event n%d yet' % n)
        print('%s%s' % (because, e.line()))
        print('        %s, %s' % (text(e.by), text(e.rfc)))
        n, because = int(e.cause), 'because of '


def current_process():
    """gdb numbers its processes: 0, then the checkpoints; a star stands before the one that we are in."""
    star = re.search(r'^\* (\d+) ', gdb.execute('info checkpoints', to_string=True), re.M)
    return int(star.group(1)) if star else 0


def visit_back(argv):
    if not visit.alive():
        raise gdb.GdbError('there is no visit to go back in: visit-next begins one')
    to = int(argv[0].lstrip('#')) if argv else visit.packet() - is_told_packet()
    if to < 1:
        raise gdb.GdbError('before the first packet there is nothing: visit-next')
    if to in visit.marks:
        number = visit.marks.pop(to)
        later = [visit.marks.pop(p) for p in sorted(visit.marks) if p > to]
        with Quiet():
            was = current_process()
            gdb.execute('restart %d' % number, to_string=True)
            gdb.execute('delete checkpoint %d' % was, to_string=True)
            for c in later:
                gdb.execute('delete checkpoint %d' % c, to_string=True)
        visit.pid = gdb.selected_inferior().pid
        visit.went_back()
        mark()
    else:
        visit.start()
        run_to(wanted(['packet', str(to)]))
        mark()
    say_packet()


def visit_break(argv):
    if not argv:
        raise gdb.GdbError('what? `visit-break lost 18`, or what `vitrine breaks` lists: visit-break finished:wrong')
    what = ':'.join([{'lost': 'loss'}.get(argv[0], argv[0])] + argv[1:])
    gdb.execute('set args %s' % re.sub(r' --break \S+', '', gdb.parameter('args')))
    visit.start(['--break', what])
    print('A new visit, with --break %s. It stands before its first packet.' % what)


def visit_start(argv):
    visit.forget()
    gdb.execute('set args visit %s' % ' '.join(argv))
    visit.start()
    print('A new visit: vitrine visit %s' % ' '.join(argv))


# --- one line for the structs that a class meets ---

class Line:
    def __init__(self, value, line):
        self.value, self.line = value, line

    def to_string(self):
        return self.line(self.value)


def cert_line(c):
    def common_name(name):
        der = octets(name)
        at = der.find(b'\x55\x04\x03')                  # id-at-commonName, then a string: tag, length, octets
        return ascii(der[at + 5:at + 5 + der[at + 4]].decode('utf-8', 'replace')).strip("'") if at >= 0 else '?'
    return 'certificate of %s, by %s, %s%s' % (common_name(c['subject']), common_name(c['issuer']),
                                               c['key_words'].string('utf-8', 'replace'), ', may issue' if c['is_ca'] else '')


PRINTERS = {
    'tcp': lambda t: 'tcp %s  %s' % (tcp_ends(t), tcp_variables(t)),
    'tls': lambda t: 'tls %s, %s' % tls_line(t),
    'x509_cert': cert_line,
    'addr': addr,
    'bytes': lambda b: '%d octets: %s%s' % (int(b['n']), octets(b)[:16].hex(), '...' if int(b['n']) > 16 else ''),
    'event': lambda e: '%s %s %s' % (text(e['layer']), name_of(e['kind'])[6:].lower(), text(e['name'])),
}


def printer(value):
    kind = value.type.strip_typedefs()
    line = PRINTERS.get(kind.tag) if kind.code == gdb.TYPE_CODE_STRUCT else None
    return Line(value, line) if line else None


visit = Visit()
gdb.pretty_printers.append(printer)
for _name, _run, _doc in (
        ('visit-start', visit_start, 'visit-start [OPTIONS]: a new visit, with these options of `vitrine visit`.'),
        ('visit-next', visit_next, 'visit-next [N]: to where the next packet has just been written; Enter repeats it.'),
        ('visit-until', visit_until, 'visit-until WHAT: on to packet 18, event 41, message ServerHello, fault, or a state '
         '(tls web wait_finished; tcp browser established).'),
        ('visit-where', visit_where, 'visit-where: the clock, and both hosts: TCP, timers, TLS.'),
        ('visit-bytes', visit_bytes, 'visit-bytes [p6|m3|r1|c1]: the last packet, or another buffer, byte by byte, by name.'),
        ('visit-keys', visit_keys, 'visit-keys [NAME]: what has been derived so far, how, and its value; with what went in, of NAME.'),
        ('visit-why', visit_why, 'visit-why [N]: why the last packet was sent, or event N told: the chain of causes.'),
        ('visit-back', visit_back, 'visit-back [N]: back to the packet before, or to packet N; the world is as it was then.'),
        ('visit-break', visit_break, 'visit-break lost 18, visit-break WHAT[:WHERE]: a new visit with one thing spoiled.')):
    Command(_name, _run, _doc)
print("vitrine: visit-next visit-until visit-where visit-bytes visit-keys visit-why visit-back visit-break visit-start; "
      "`help visit-next`")
