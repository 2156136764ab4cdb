/* A foreign TCP to talk to: lwIP (Debian: liblwip-dev) on a TUN or TAP device that is there already, with addresses of its
 * own, in both roles.
 *
 *     lwip_peer DEVICE ADDR,MASK,GATEWAY,ADDR6 serve FILE
 *         echo (7), discard (9), chargen (19: '0' to '9' for ever), and FILE to whoever asks on port 80; "ready" once it
 *         listens, then for ever
 *     lwip_peer DEVICE ADDR,MASK,GATEWAY,ADDR6 echo TO PORT OCTETS
 *         sends so many octets there and compares what comes back; then closes, and waits for the other's close
 *     lwip_peer DEVICE ADDR,MASK,GATEWAY,ADDR6 receive TO PORT OCTETS
 *         takes so many octets, as slowly as it reads them (a small window), then aborts
 *
 * Exit: 0 well, 1 not; what went wrong stands on standard error. lwIP has a thread of its own, in which all callbacks
 * run; the main thread reads the device. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/netif.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The kernel's header for interfaces and lwIP's own do not go together: this much of <net/if.h>. */
struct request { char name[16]; short flags; char filler[22]; };

enum { FRAME = 2048, PIECE = 1 << 14, ECHO = 7, DISCARD = 9, CHARGEN = 19, WEB = 80 };

static int device;
static bool ethernet;
static struct netif interface;
static const char *file; static size_t file_size;
static size_t wanted, sent, got;

struct guest { u16_t port; struct pbuf *held; size_t at; bool asked, ended; };

static void end(int code, const char *why, int number)
{
    if (code)
        fprintf(stderr, "lwip_peer: %s (%d)\n", why, number);
    fflush(NULL);
    _exit(code);
}

/* --- the device --- */

static err_t put_frame(struct netif *n, struct pbuf *p)
{
    static char frame[FRAME];
    (void)n;
    u16_t len = pbuf_copy_partial(p, frame, sizeof frame, 0);
    return write(device, frame, len) == len ? ERR_OK : ERR_IF;
}

static err_t put_packet4(struct netif *n, struct pbuf *p, const ip4_addr_t *to) { (void)to; return put_frame(n, p); }
static err_t put_packet6(struct netif *n, struct pbuf *p, const ip6_addr_t *to) { (void)to; return put_frame(n, p); }

static err_t begin_interface(struct netif *n)
{
    static const u8_t mac[] = { 0x02, 0x6c, 0x77, 0x49, 0x50, 0x01 };
    n->name[0] = 'p';
    n->name[1] = 'r';
    n->mtu = 1500;
    n->mtu6 = 1500;
    n->flags |= NETIF_FLAG_LINK_UP;
    n->output = ethernet ? etharp_output : put_packet4;
    n->output_ip6 = ethernet ? ethip6_output : put_packet6;
    n->linkoutput = put_frame;
    if (ethernet) {
        n->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
        n->hwaddr_len = sizeof mac;
        memcpy(n->hwaddr, mac, sizeof mac);
    }
    return ERR_OK;
}

static void open_device(const char *name)
{
    struct request r = { .flags = IFF_TUN | IFF_NO_PI };
    snprintf(r.name, sizeof r.name, "%s", name);
    device = open("/dev/net/tun", O_RDWR);
    if (device < 0)
        end(1, "/dev/net/tun", errno);
    ethernet = ioctl(device, TUNSETIFF, &r) != 0;     /* no TUN device: a TAP */
    r.flags = IFF_TAP | IFF_NO_PI;
    if (ethernet && ioctl(device, TUNSETIFF, &r) != 0)
        end(1, name, errno);
}

static void start(const char *device_name, char *addresses)
{
    const char *addr = strtok(addresses, ","), *mask = strtok(NULL, ","), *gateway = strtok(NULL, ",");
    const char *addr6 = strtok(NULL, ",");
    ip4_addr_t a, m, g;
    ip6_addr_t six;
    if (!addr6 || !ip4addr_aton(addr, &a) || !ip4addr_aton(mask, &m) || !ip4addr_aton(gateway, &g)
        || !ip6addr_aton(addr6, &six))
        end(1, "ADDR,MASK,GATEWAY,ADDR6", 0);
    open_device(device_name);
    tcpip_init(NULL, NULL);
    LOCK_TCPIP_CORE();
    if (!netif_add(&interface, &a, &m, &g, NULL, begin_interface, tcpip_input))
        end(1, "netif_add", 0);
    netif_set_default(&interface);
    netif_set_up(&interface);
    if (ethernet)
        netif_create_ip6_linklocal_address(&interface, 1);
    netif_ip6_addr_set(&interface, 1, &six);
    netif_ip6_addr_set_state(&interface, 0, IP6_ADDR_PREFERRED);
    netif_ip6_addr_set_state(&interface, 1, IP6_ADDR_PREFERRED);
    UNLOCK_TCPIP_CORE();
}

static void read_device(void)
{
    static char frame[FRAME];
    for (;;) {
        ssize_t n = read(device, frame, sizeof frame);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            end(1, "read", errno);
        struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)n, PBUF_RAM);
        if (!p)
            continue;
        pbuf_take(p, frame, (u16_t)n);
        if (interface.input(p, &interface) != ERR_OK)
            pbuf_free(p);
    }
}

/* --- as a server --- */

static void let_go(struct guest *g, struct tcp_pcb *pcb)
{
    if (tcp_close(pcb) != ERR_OK)
        return;                                       /* no memory: the next poll tries again */
    tcp_arg(pcb, NULL);
    if (g->held)
        pbuf_free(g->held);
    free(g);
}

/* What was taken from the peer goes back, as much as fits. */
static void put_back(struct guest *g, struct tcp_pcb *pcb)
{
    while (g->held && tcp_sndbuf(pcb)) {
        u16_t n = g->held->len < tcp_sndbuf(pcb) ? g->held->len : (u16_t)tcp_sndbuf(pcb);
        if (n && tcp_write(pcb, g->held->payload, n, TCP_WRITE_FLAG_COPY) != ERR_OK)
            break;
        g->held = pbuf_free_header(g->held, n);
        tcp_recved(pcb, n);
    }
}

static void put_digits(struct tcp_pcb *pcb, struct guest *g)
{
    char piece[PIECE];
    for (;;) {
        u16_t n = tcp_sndbuf(pcb) < sizeof piece ? (u16_t)tcp_sndbuf(pcb) : sizeof piece;
        for (u16_t i = 0; i < n; i++)
            piece[i] = (char)('0' + (g->at + i) % 10);
        if (n == 0 || tcp_write(pcb, piece, n, TCP_WRITE_FLAG_COPY) != ERR_OK)
            return;
        g->at += n;
    }
}

/* The whole answer of the web server: a head, then the file. */
static bool put_page(struct tcp_pcb *pcb, struct guest *g)
{
    while (g->at < file_size) {
        size_t left = file_size - g->at, room = tcp_sndbuf(pcb) < PIECE ? tcp_sndbuf(pcb) : PIECE;
        u16_t n = (u16_t)(left < room ? left : room);
        if (n == 0 || tcp_write(pcb, file + g->at, n, TCP_WRITE_FLAG_COPY) != ERR_OK)
            return false;
        g->at += n;
    }
    return true;
}

static void work(struct guest *g, struct tcp_pcb *pcb)
{
    bool done = g->ended;
    if (g->port == ECHO)
        put_back(g, pcb);
    if (g->port == CHARGEN && !g->ended)
        put_digits(pcb, g);
    if (g->port == WEB)
        done = g->asked && put_page(pcb, g);
    tcp_output(pcb);
    if (done && !g->held)
        let_go(g, pcb);
}

static err_t guest_spoke(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t e)
{
    struct guest *g = arg;
    (void)e;
    if (!g) {
        if (p)
            pbuf_free(p);
        return ERR_OK;
    }
    if (!p) {
        g->ended = true;
    } else if (g->port == ECHO) {
        if (g->held)
            pbuf_cat(g->held, p);
        else
            g->held = p;
    } else {
        if (g->port == WEB && !g->asked) {
            char head[96];
            int n = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
                             file_size);
            g->asked = tcp_write(pcb, head, (u16_t)n, TCP_WRITE_FLAG_COPY) == ERR_OK;
        }
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
    }
    work(g, pcb);
    return ERR_OK;
}

static err_t guest_has_room(void *arg, struct tcp_pcb *pcb, u16_t n)
{
    (void)n;
    if (arg)
        work(arg, pcb);
    return ERR_OK;
}

static err_t guest_waits(void *arg, struct tcp_pcb *pcb) { return guest_has_room(arg, pcb, 0); }

static void guest_is_gone(void *arg, err_t e)
{
    struct guest *g = arg;
    (void)e;
    if (g && g->held)
        pbuf_free(g->held);
    free(g);
}

static err_t guest_came(void *arg, struct tcp_pcb *pcb, err_t e)
{
    struct guest *g = calloc(1, sizeof *g);
    (void)arg;
    if (e != ERR_OK || !g)
        return ERR_MEM;
    g->port = pcb->local_port;
    tcp_arg(pcb, g);
    tcp_recv(pcb, guest_spoke);
    tcp_sent(pcb, guest_has_room);
    tcp_poll(pcb, guest_waits, 1);
    tcp_err(pcb, guest_is_gone);
    work(g, pcb);
    return ERR_OK;
}

static void serve(const char *name)
{
    static const u16_t ports[] = { ECHO, DISCARD, CHARGEN, WEB };
    FILE *f = fopen(name, "rb");
    static char text[1 << 22];
    if (!f)
        end(1, name, errno);
    file = text;
    file_size = fread(text, 1, sizeof text, f);
    fclose(f);
    for (unsigned i = 0; i < sizeof ports / sizeof *ports; i++) {
        struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
        if (!pcb || tcp_bind(pcb, IP_ANY_TYPE, ports[i]) != ERR_OK || !(pcb = tcp_listen(pcb)))
            end(1, "listen", ports[i]);
        tcp_accept(pcb, guest_came);
    }
    puts("ready");
    fflush(stdout);
}

/* --- as a client --- */

static char octet_at(size_t i) { return (char)(i * 7 + i / 251); }

static void say_more(struct tcp_pcb *pcb)
{
    char piece[PIECE];
    while (sent < wanted) {
        size_t n = wanted - sent < sizeof piece ? wanted - sent : sizeof piece;
        if (n > tcp_sndbuf(pcb))
            n = tcp_sndbuf(pcb);
        for (size_t i = 0; i < n; i++)
            piece[i] = octet_at(sent + i);
        if (n == 0 || tcp_write(pcb, piece, (u16_t)n, TCP_WRITE_FLAG_COPY) != ERR_OK)
            break;
        sent += n;
    }
    tcp_output(pcb);
}

static err_t room_again(void *arg, struct tcp_pcb *pcb, u16_t n)
{
    (void)arg, (void)n;
    say_more(pcb);
    return ERR_OK;
}

static err_t room_by_time(void *arg, struct tcp_pcb *pcb) { return room_again(arg, pcb, 0); }

static err_t echo_came(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t e)
{
    (void)arg, (void)e;
    if (!p)
        end(got == wanted ? 0 : 1, "the other closed too early", (int)got);
    for (struct pbuf *q = p; q; q = q->next)
        for (u16_t i = 0; i < q->len; i++)
            if (((char *)q->payload)[i] != octet_at(got++))
                end(1, "another octet than was sent came back", (int)got - 1);
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    if (got == wanted && tcp_shutdown(pcb, 0, 1) != ERR_OK)
        end(1, "shutdown", 0);
    return ERR_OK;
}

static err_t text_came(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t e)
{
    (void)arg, (void)e;
    if (!p)
        end(1, "the other closed too early", (int)got);
    got += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    if (got < wanted)
        return ERR_OK;
    tcp_arg(pcb, pcb);                                /* that the error below is of our own making */
    tcp_abort(pcb);
    return ERR_ABRT;
}

static void broken(void *arg, err_t e) { end(arg ? 0 : 1, "the connection broke", e); }

static err_t connected(void *arg, struct tcp_pcb *pcb, err_t e)
{
    (void)arg;
    if (e != ERR_OK)
        end(1, "connect", e);
    say_more(pcb);
    return ERR_OK;
}

static void call(bool echoes, const char *to, const char *port, const char *octets)
{
    ip_addr_t addr;
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    if (!pcb || !ipaddr_aton(to, &addr))
        end(1, to, 0);
    wanted = strtoul(octets, NULL, 10);
    sent = echoes ? 0 : wanted;
    tcp_recv(pcb, echoes ? echo_came : text_came);
    tcp_sent(pcb, room_again);
    tcp_poll(pcb, room_by_time, 1);
    tcp_err(pcb, broken);
    if (tcp_connect(pcb, &addr, (u16_t)atoi(port), connected) != ERR_OK)
        end(1, "connect", 0);
}

int main(int n, char **word)
{
    bool serves = n == 5 && strcmp(word[3], "serve") == 0;
    bool echoes = n == 7 && strcmp(word[3], "echo") == 0;
    if (!serves && !echoes && !(n == 7 && strcmp(word[3], "receive") == 0))
        end(1, "DEVICE ADDR,MASK,GATEWAY,ADDR6 serve FILE | echo TO PORT OCTETS | receive TO PORT OCTETS", n);
    start(word[1], word[2]);
    LOCK_TCPIP_CORE();
    if (serves)
        serve(word[4]);
    else
        call(echoes, word[4], word[5], word[6]);
    UNLOCK_TCPIP_CORE();
    read_device();
}
