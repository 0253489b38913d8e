// Package dial keeps what is known of peers between connections, and says whom to dial next.
//
//   - Book is a torrent's known peers: where they listen, how often they failed, whether they
//     are on parole. Next gives the best that may be dialled now.
//   - Queue is a session's half-open places: it lets so many dials run at a time, and the others wait
//     their turn, torrent by torrent.
//   - Bans is a session's banned addresses, each until its ban is lifted.
//
// A known peer is named by a netip.AddrPort: its address and the port where it listens, or port 0 while that
// is not known, which is so for a peer that connected to us and has not told. Addresses are plain: no
// IPv4 in IPv6, no zone. [DIA-8]
package dial
