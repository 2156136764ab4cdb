/* The TCP engine against the scripts of tests/sim/tcp/ (tests/lib/tcp_script.h says how they read). */
#include "tests/lib/check.h"
#include "tests/lib/tcp_script.h"

START_TEST(opens) { tcp_script_run("tests/sim/tcp/open.txt"); } END_TEST
START_TEST(carries_text) { tcp_script_run("tests/sim/tcp/text.txt"); } END_TEST
START_TEST(agrees_on_options) { tcp_script_run("tests/sim/tcp/options.txt"); } END_TEST
START_TEST(acknowledges) { tcp_script_run("tests/sim/tcp/ack.txt"); } END_TEST
START_TEST(gathers_small_text) { tcp_script_run("tests/sim/tcp/nagle.txt"); } END_TEST
START_TEST(hears_routers_and_silence) { tcp_script_run("tests/sim/tcp/ecn.txt"); } END_TEST
START_TEST(repeats_what_was_lost) { tcp_script_run("tests/sim/tcp/loss.txt"); } END_TEST
START_TEST(minds_windows) { tcp_script_run("tests/sim/tcp/window.txt"); } END_TEST
START_TEST(is_not_fooled) { tcp_script_run("tests/sim/tcp/strangers.txt"); } END_TEST
START_TEST(finds_how_wide_the_way_is) { tcp_script_run("tests/sim/tcp/mtu.txt"); } END_TEST
START_TEST(closes) { tcp_script_run("tests/sim/tcp/close.txt"); } END_TEST

int main(void)
{
    return check_run("tcp", (const TTest *[]){
        opens, carries_text, agrees_on_options, acknowledges, gathers_small_text, hears_routers_and_silence, repeats_what_was_lost,
        minds_windows, is_not_fooled, finds_how_wide_the_way_is, closes, NULL });
}
