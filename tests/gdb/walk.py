"""walk.py - a whole visit walked in gdb, packet by packet and back, by the commands of vitrine.py; run by
tests/interop/gdb.sh. Prints `ok WHAT` and `FAIL WHAT`."""
import re
import gdb


def out(command):
    return gdb.execute(command, to_string=True)


def check(what, good, found=''):
    print('%s gdb: %s' % ('ok' if good else 'FAIL', what))
    if not good:
        print(re.sub('^', '    ', str(found), flags=re.M))


def secret_of(keys, name):
    return [''.join(s.split()) for s in re.findall(r'tls %s = .*\n((?: +[0-9a-f]+\n)+)' % name, keys)]


wheres, said = {}, out('visit-next')
while 'The visit is over' not in said and len(wheres) < 100:
    wheres[len(wheres) + 1] = out('visit-where')
    if '#%d ' % len(wheres) not in said:
        check('packet %d is the next' % len(wheres), False, said)
    said = out('visit-next')
check('%d packets, each stopped at' % len(wheres), len(wheres) == 19, said)
check('both ends at each packet', all(re.search(r'(?s)^clock .*\nbrowser .*\nresolver .*\nweb ', w) for w in wheres.values()))
states = ' '.join(re.findall(r'^    t(?:cp|ls) .*', '\n'.join(wheres.values()), re.M))
for state in ('SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'TIME-WAIT', 'WAIT_SERVER_HELLO', 'WAIT_CLIENT_KEY_EXCHANGE', 'CONNECTED'):
    check('%s is seen on the way' % state, state in states)

out('visit-back 12')
check('back over seven packets restores both ends', out('visit-where') == wheres[12], out('visit-where'))
out('visit-back')
check('back by one', out('visit-where') == wheres[11], out('visit-where'))
out('visit-next 3')
check('and forth again: the same visit', out('visit-where') == wheres[14], out('visit-where'))
out('visit-back 3')
check('back to the SYN', out('visit-where') == wheres[3], out('visit-where'))

said = out('visit-until tls web wait_finished')
check('until a state of one end', 'web' in said and 'to WAIT_FINISHED' in said.replace('->', 'to'), said)
check('which is then entered', 'tls WAIT_FINISHED' in out('visit-where').split('\nweb')[1], out('visit-where'))
check('in the function that took the step', gdb.newest_frame().name() == 'step', gdb.newest_frame().name())
check('a struct tls in one line', 'tls WAIT_FINISHED, TLS_KEYS_DONE, TLS_ECDHE' in out('print *t'), out('print *t'))
check('enums have names', out('print t->state') .endswith('= WAIT_FINISHED\n'), out('print t->state'))
keys = out('visit-keys')
check('both ends derived one master secret', len(set(secret_of(keys, 'master_secret'))) == 1
      and len(secret_of(keys, 'master_secret')) == 2, keys)
print('master_secret %s' % secret_of(keys, 'master_secret')[0])
said = out('visit-until message finished')
check('until a message', ' tls Finished' in said, said)
said = out('visit-until packet 13')
check('until a packet', '#13 ' in said, said)
event = int(re.match('n([0-9]+)', said).group(1))
said = out('visit-until event %d' % (event + 10))
check('until an event', said.startswith('n%d ' % (event + 10)), said)

said = out('visit-bytes p3')
for field in ('version = 4', 'time_to_live = 64', 'syn = 1', 'mss = 1460'):
    check('a SYN\'s bytes by name: %s' % field, field in said, said)
said = out('visit-bytes')
check('what lies in a packet, and how to look at it', 'its data: ' in said and '(visit-bytes ' in said, said)
check('a message\'s bytes by name', 'cipher_suite = 49199 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' in out('visit-bytes m1'), out('visit-bytes m1'))
said = out('visit-why')
check('why: the chain ends at the URL', said.count('because of') > 9 and 'visit url' in said.split('because of')[-1], said)

said = out('visit-break lost 8') + out('visit-until packet 9')
check('a packet lost on purpose is sent again, and why', 'again: tail loss probe' in said, said)
check('why: because a timer fired', 'probe timer fired' in out('visit-why'), out('visit-why'))
out('visit-break cert:expired')
said = out('visit-until fault')
check('until a refusal', 'x509.expired' in said, said)
out('visit-start --kx rsa --seed 2')
check('another visit', 'RSA' in out('visit-until tls browser connected') + out('visit-where'), out('visit-where'))

for command, words in (('visit-until', 'until what?'), ('visit-bytes x9', 'a buffer is'), ('visit-break', 'what?'),
                       ('visit-until packet x 1', 'one state or message')):
    try:
        said = out(command)
    except gdb.error as e:
        said = str(e)
    check('refused: %s' % command, words in said, said)

gdb.execute('delete')
gdb.execute('tbreak x509_self_issued')
gdb.execute('run', to_string=True)
said = out('print *c')
check('a certificate in one line', re.search('certificate of [^,]+, by [^,]+, RSA 2048 bits', said), said)
gdb.execute('break tcp_enter')
gdb.execute('run', to_string=True)
check('a struct tcp in one line', re.search('= tcp [0-9]+ -> 10.0.0.80:443 CLOSED  snd_una 0 ', out('print *t')), out('print *t'))
check('a trigger by its name', 'TCP_ACTIVE_OPEN' in out('print trigger'), out('print trigger'))
gdb.execute('delete')
gdb.execute('break x509_verify_chain')
gdb.execute('run', to_string=True)
check('a plain breakpoint', gdb.newest_frame().name() == 'x509_verify_chain')
try:
    said = out('visit-where')
except gdb.error as e:
    said = str(e)
check('a run of one\'s own is left alone', '`visit-start` begins one' in said, said)
out('visit-start')
check('visit-start begins another', '#1 ' in out('visit-next'))
