// Requests whose end two programs may see in different places (WB9), each around or before a request that must not slip through.

const hex = (text) => text.length.toString(16);
const chunk = (text) => `${hex(text)}\r\n${text}\r\n0\r\n\r\n`;
/** The end of chunks first: for whoever goes by the length, `inner` is still the body. */
const ended = (inner) => `0\r\n\r\n${inner}`;
const length = (inner) => `content-length: ${inner.length}\r\n`;

/** With a length that covers `ended`, and a header about chunks. */
const against = (what, header, may) => ({
  what,
  may,
  make: (inner) => ({ headers: `content-length: ${ended(inner).length}\r\n${header}`, body: ended(inner) }),
});
/** With these headers before `inner`. */
const before = (what, headers, may) => ({ what, may, make: (inner) => ({ headers: headers(inner), body: inner }) });
/** In chunks, written like this. */
const inChunks = (what, body, may) => ({ what, may, make: (inner) => ({ headers: "transfer-encoding: chunked\r\n", body: body(inner) }) });

/**
 * `make(inner)` answers what stands in the outer request's head and after it. All are refused, by 400 or 501, except by the
 * proxies that `may` names: they read the request as the standard lets them, and Mintmark must then see what they saw.
 */
export const framings = [
  against("a length and chunks", "transfer-encoding: chunked\r\n", ["haproxy", "caddy"]),
  {
    what: "chunks and a length",
    may: ["haproxy", "caddy"],
    make: (inner) => ({ headers: `transfer-encoding: chunked\r\ncontent-length: ${hex(inner).length + 2}\r\n`, body: chunk(inner) }),
  },
  before("two lengths", (inner) => `content-length: 0\r\n${length(inner)}`),
  before("two lengths, the longer first", (inner) => `${length(inner)}content-length: 0\r\n`),
  before("one length twice", (inner) => length(inner).repeat(2), ["haproxy", "caddy"]),
  before("a list of lengths", (inner) => `content-length: 0, ${inner.length}\r\n`),
  before("a length with a sign", (inner) => `content-length: +${inner.length}\r\n`),
  before("a length in hexadecimal", (inner) => `content-length: 0x${hex(inner)}\r\n`),
  before("a length below zero", () => "content-length: -1\r\n"),
  before("a length of nothing", () => "content-length:\r\n", ["caddy"]),
  before("a space before a length's colon", (inner) => `content-length : ${inner.length}\r\n`),
  before("a length in a folded line", (inner) => `x: y\r\n ${length(inner)}`, ["haproxy", "caddy"]),
  before("a first line that is folded", (inner) => ` x: y\r\n${length(inner)}`, ["haproxy", "caddy"]),
  before("a length after a bare line feed", (inner) => `x: y\n${length(inner)}`, ["nginx", "haproxy", "caddy"]),
  before("a length after a bare carriage return", (inner) => `x: y\r${length(inner)}`),
  before("a length after a NUL", (inner) => `x: y\0\r\n${length(inner)}`, ["haproxy"]),
  before("a length that the connection owns", (inner) => `connection: content-length\r\n${length(inner)}`, ["nginx", "haproxy", "caddy"]),
  before("two hosts", () => "host: elsewhere.example\r\n"),
  against("a space before the colon of chunks", "transfer-encoding : chunked\r\n"),
  against("chunks in a folded line", "transfer-encoding:\r\n chunked\r\n", ["haproxy", "caddy"]),
  against("chunks after a bare line feed", "x: y\ntransfer-encoding: chunked\r\n", ["haproxy", "caddy"]),
  against("chunks with garbage", "transfer-encoding: xchunked\r\n"),
  against("chunks after a vertical tab", "transfer-encoding:\x0bchunked\r\n"),
  against("chunks that are not last", "transfer-encoding: chunked, identity\r\n"),
  inChunks("a chunk's size with a prefix", (inner) => `0x${chunk(inner)}`, ["caddy"]),
  inChunks("a chunk's size that overflows", (inner) => `10000000000000000\r\n${inner}\r\n0\r\n\r\n`, ["caddy"]),
  inChunks("a chunk's size before a bare line feed", (inner) => `${hex(inner)}\n${inner}\r\n0\r\n\r\n`, ["nginx", "haproxy", "caddy"]),
  inChunks("a chunk's extension with a bare line feed", (inner) => `2;\nxx\r\n${chunk(inner)}`, ["nginx", "haproxy", "caddy"]),
];
