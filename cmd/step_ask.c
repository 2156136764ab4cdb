/* --ask: before each packet, who speaks next, and what does it say first? */
#include "cmd/keys.h"
#include "cmd/step_commands.h"
#include "http/sealed_visit.h"
#include "net/tcp.h"
#include "tls/machine.h"
#include "trace/quiz.h"

#include <string.h>

static bool make(struct step *s, buf_no packet, struct quiz *q)
{
    struct machine tcp, client, server;
    tcp_machine(&tcp);
    tls_machine(false, &client);
    tls_machine(true, &server);
    const struct quiz_rules rules = { &tcp, &client, &server, tcp_sayings(), SEALED_BROWSER, SEALED_WEB,
                                      s->config.seed };
    return quiz_make(s->tape, &rules, packet, q);
}

static void say_answer(struct step *s, const char *name, const struct quiz *q, unsigned i)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    const struct quiz_answer *a = &q->answers[i];
    const struct attr attrs[] = {
        attr_number("number", i + 1), attr_text("who", inspect_host(&in, a->host)), attr_text("what", a->what),
        attr_text("judge", inspect_host(&in, a->judge)), attr_text("state", a->state ? a->state : ""),
        attr_text("machine", a->machine ? a->machine : ""), attr_text("rfc", a->rfc ? a->rfc : "") };
    step_say(s, name, attrs, sizeof attrs / sizeof *attrs);
}

/* Why an answer is right, or wrong: by the machine that had to say. */
static const char *reason_of(const struct quiz_answer *a)
{
    bool own = a->judge == a->host, tcp = a->machine && strcmp(a->machine, "tcp") == 0;
    if (a->right)
        return !a->machine ? "ask.right" : own ? "ask.right_tcp" : "ask.right_row";
    return !own ? "ask.no_row" : tcp ? "ask.no_tcp" : "ask.no_speaker";
}

static void judge(struct step *s, const struct quiz *q, unsigned chosen)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    const struct event *packet = tape_buffer(s->tape, q->packet);
    const struct event *cause = tape_event(s->tape, packet->cause);
    char because[600];
    s->asked++;
    s->right += chosen == q->right;
    say_answer(s, chosen == q->right ? "ask.yes" : "ask.no", q, q->right);
    if (chosen != q->right)
        say_answer(s, reason_of(&q->answers[chosen]), q, chosen);
    say_answer(s, reason_of(&q->answers[q->right]), q, q->right);
    if (!cause)
        return;
    const struct attr why = attr_text("why", inspect_event(&in, cause, because, sizeof because));
    step_say(s, "ask.because", &why, 1);
    inspect_reasons(&in, packet, 2);
}

static void write_prompt(struct step *s)
{
    char line[STEP_LINE];
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    fflush(s->out);
    fprintf(stderr, "%s ", pen_words(&pen, words_ui(in.words, "ask.prompt"), line, sizeof line));
    fflush(stderr);
}

void step_ask(struct step *s, buf_no packet)
{
    struct quiz q;
    char line[STEP_LINE];
    const struct attr number = attr_number("packet", buf_count(packet));
    if (!make(s, packet, &q))
        return;
    struct pen pen;
    step_inspect(s, &pen);
    pen_end(&pen);
    step_say(s, "ask.question", &number, 1);
    for (unsigned i = 0; i < QUIZ_ANSWERS; i++)
        say_answer(s, "ask.answer", &q, i);
    for (;;) {
        write_prompt(s);
        enum keys_said said = keys_read(line, sizeof line, "");
        const struct attr typed = attr_text("said", line);
        if (said == KEYS_STOP || (said == KEYS_LINE && strcmp(line, "q") == 0))
            s->quit = true;
        if (said == KEYS_END || (said == KEYS_LINE && strcmp(line, "r") == 0))
            s->running = true;
        if (s->quit || s->running || !*line)
            return;                                   /* Enter: no answer, and the packet goes */
        if (line[0] >= '1' && line[0] < '1' + QUIZ_ANSWERS && !line[1]) {
            judge(s, &q, (unsigned)(line[0] - '1'));
            return;
        }
        step_say(s, "ask.unknown", &typed, 1);
    }
}

void step_score(struct step *s)
{
    const struct attr attrs[] = { attr_number("right", s->right), attr_number("asked", s->asked) };
    if (s->config.ask && s->asked)
        step_say(s, "ask.score", attrs, 2);
    s->asked = 0;
}
