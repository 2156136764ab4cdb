/* Words of the page's lower panels: keys, certificates, TCP over time, machines, do it yourself. */
#include "cmd/words_tables.h"

const struct words_row words_panels[] = {
    { "ui", "page keys says", "How each key follows from others. A box that is chosen lights all that it is made of, "
      "and the packets whose records it sealed and opened.", "各密钥如何由其他值推导而来。选中一个方框，会点亮它的全部来源，以及用它加密和解密的记录所在的报文。" },
    { "ui", "page keys from", "from", "由" },
    { "ui", "page keys seed", "seed", "种子" },
    { "ui", "page keys made", "gives", "得到" },
    { "ui", "page keys sealed", "Sealed and opened the records in", "用于加密和解密下列报文中的记录：" },
    { "ui", "page machines how", "The tables that drive the code, drawn. What was walked is thick and bears the number "
      "of the step; a letter is a way out that many states share.",
      "由驱动代码的状态表绘出。走过的路径用粗线标出，并注明步骤编号；字母表示多个状态共有的出口。" },
    { "ui", "page machines walked", "The way walked", "走过的路径" },
    { "ui", "page plots segments", "segments", "报文段" },
    { "ui", "page plots again", "× sent again", "× 重传" },
    { "ui", "page plots lost", "○ lost", "○ 丢失" },
    { "ui", "page plots bands", "▒ not open", "▒ 非 open 状态" },
    { "ui", "page plots rtt", "rtt", "rtt" },
    { "ui", "page plots fired", "▲ rto fired", "▲ rto 到期" },
    { "ui", "page check", "what", "检查项" },
    { "ui", "page check expected", "expected", "期望" },
    { "ui", "page check found", "found", "实际" },
    { "ui", "page check verdict", "verdict", "结论" },
    { "ui", "page check where", "where", "位置" },
    { "ui", "page chain checks", "What was asked of it", "逐项检查" },
    { "ui", "page chain octets", "its octets", "它的字节" },
    { "ui", "page chain why", "Why there are these checks", "为什么要做这些检查" },
    { "ui", "page chain others", "What else was judged", "其他检查" },
    { "ui", "page plots how", "Drawn from the segments and the variables of each sender itself. The upright line "
      "stands at the step shown.", "根据每个发送方自己的报文段与变量绘制。竖线标出当前步骤。" },
    { "ui", "page plots says", "{sender} sends: {segments} segments, {octets} octets, {again} of them again.",
      "{sender} 发送：{segments} 个报文段，{octets} 字节，其中重传 {again} 个。" },
    { "ui", "page yourself how", "Each box stands alone: copy it into a shell (openssl 3, xxd, python3), in an empty "
      "folder. Every octet in it is of this visit, and beside it stands what it must print.",
      "每个框都可单独运行：复制到 shell 中（需要 openssl 3、xxd、python3），在空目录里执行。"
      "其中每个字节都来自本次访问，旁边是应当输出的结果。" },
    { "ui", "page gives", "prints", "输出" },
    { "ui", "page yourself keys", "Keys, digests, signatures of the handshake", "握手中的密钥、摘要与签名" },
    { "ui", "page yourself signatures", "Signatures of the certificates", "证书上的签名" },
    { "ui", "page yourself records", "Records: what they held, and the proof that nobody changed it",
      "记录：其中的内容，以及未被改动的证明" },
    { "ui", "page yourself left out", "What is longer, or comes later, is left out: it is computed in the same way.",
      "更长或更靠后的内容从略：计算方法相同。" },
    { NULL, NULL, NULL, NULL },
};
