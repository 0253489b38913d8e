// Code generated from SPEC.md by internal/specmap/gen. DO NOT EDIT.

package clause

// The clauses of SPEC.md, in its order.
const (
	_     ID = iota
	HSK1     // Our handshake is 68 bytes: the byte 19, the text `BitTorrent protocol`, 8 reserved bytes, the ...
	HSK2     // In the reserved bytes we set 0x10 of byte 5 (extensions) and 0x04 of byte 7 (Fast), and no ...
	HSK3     // On an outgoing connection we write the whole handshake as soon as the transport is open, ...
	HSK4     // On an incoming connection we write nothing until the peer's first 48 bytes, up to and with its ...
	HSK5     // The first 20 bytes are the byte 19 and the text `BitTorrent protocol`. We close no later than ...
	HSK6     // An extension of the reserved bytes is negotiated when both handshakes set its bit. We ignore ...
	HSK7     // The answer to our handshake carries the info-hash that we sent.
	HSK8     // The handshake and what follows it may arrive cut or joined at any byte: bytes after the 68th ...
	HSK9     // When both handshakes are done the first message we write is the extension handshake, if ...
	HSK10    // A peer id other than the one a tracker gave for the address is reported, and is no reason to ...

	FRM1 // After the handshake each direction is a sequence of messages: a length of 4 bytes, big-endian, ...
	FRM2 // However the stream is cut into reads, we come to the same states, effects and bytes written.
	FRM3 // A length is at most 1 MiB (1,048,576).
	FRM4 // The length of a message fits its id:
	FRM5 // A message's id is one of FRM-4's table.
	FRM6 // A message's length and id are judged as soon as they are there. No memory is taken for bytes ...
	FRM7 // A keep-alive comes at least 1 s after the previous one.

	MSG1  // Choke, unchoke, interested and not interested set the state that they name, however often they ...
	MSG2  // The index of a have is less than the number of pieces.
	MSG3  // A have adds its piece to the peer's supply. A have for a piece that is there already changes ...
	MSG4  // A bitfield has exactly ceil(pieces / 8) bytes.
	MSG5  // The spare bits at the end of a bitfield are zero. If they are not, they mean nothing.
	MSG6  // Without Fast, our supply is told by a bitfield when we have a piece, and by nothing when we ...
	MSG7  // A bitfield, have all or have none comes as the first message, extended messages not counted, ...
	MSG8  // A verified piece is told by one have to every open connection, unless the supply we told it had ...
	MSG9  // We are interested in a peer exactly when it has a piece that we lack and want, and the peer is ...
	MSG10 // We request a block only when the peer's supply has its piece, we have announced our interest, ...
	MSG11 // A request names exactly one block, and no block is outstanding twice on one connection.
	MSG12 // A request names a range of at least one byte within one piece of the torrent. It need not be ...
	MSG13 // A request is for at most 16 KiB.
	MSG14 // A request is for a piece that we have announced.
	MSG15 // While the peer knows itself choked it requests only what we gave it as allowed fast. For 2 s ...
	MSG16 // An accepted request is answered by a piece message with the same index, begin and length, and ...
	MSG17 // After an announced choke no piece message begins, but for allowed-fast pieces (FST-13).
	MSG18 // A piece message carries exactly one block of the torrent.
	MSG19 // A piece message answers a request of ours: one outstanding, or one that was withdrawn because ...
	MSG20 // A block that arrives and is still missing is stored, withdrawn or not; one that is there ...
	MSG21 // A cancel removes the matching request from the queue if its piece message has not begun. A ...
	MSG22 // When a block has arrived that is outstanding on other connections too, each of them is sent a ...
	MSG23 // A port message is accepted and passed over, whether or not its bit was set in the handshake.
	MSG24 // A request from a peer that has not said that it is interested says so.
	MSG25 // A request whose block cannot be read is rejected, as by FST-5, when its piece message has not ...
	MSG26 // When a piece leaves the peer's supply, by a later bitfield or have none or by EXT-17, requests ...

	FST1  // The messages 13 to 17 are sent only when Fast is negotiated.
	FST2  // With Fast the first message, extended messages not counted, is a bitfield, have all or have ...
	FST3  // Have all makes the peer a seed, have none empties its supply.
	FST4  // With Fast our supply is told by exactly one message: have all when we are complete, have none ...
	FST5  // With Fast every request that we receive is answered exactly once, by a piece or a reject ...
	FST6  // With Fast an announced choke is followed by rejects for all queued requests but those for ...
	FST7  // With Fast a choke leaves our requests outstanding until each is answered. Without Fast it voids ...
	FST8  // A reject answers a request of ours, outstanding or withdrawn (MSG-19).
	FST9  // A rejected block may be requested again from anybody. If the peer had choked us, its piece is ...
	FST10 // Of the pieces that a peer suggests, the newest 16 are remembered and preferred when the peer ...
	FST11 // The index of a suggest is less than the number of pieces.
	FST12 // Of the pieces that a peer gives us as allowed fast, the first 64 are remembered. To allow a ...
	FST13 // A choked peer's request for a piece that we gave it as allowed fast is served like any other.
	FST14 // The index of an allowed fast is less than the number of pieces.
	FST15 // The allowed-fast set for an IPv4 peer has 10 pieces, or all when there are fewer, drawn by the ...
	FST16 // The allowed-fast set is sent once, when the peer first becomes interested and Fast is ...
	FST17 // While choked a peer requests at most three times the blocks of each allowed-fast piece. What ...
	FST18 // With Fast a request that we cancelled stays outstanding until it is answered. Without Fast it ...
	FST19 // A peer that rejects 50 requests in a row while it does not choke us is asked for nothing for 10 ...

	EXT1  // We write an extended message only when extensions are negotiated; the first is the handshake, ...
	EXT2  // Our extension handshake is one canonical bencoded dictionary: `m`; `reqq`, 500; `v`, the ...
	EXT3  // The payload of an extension handshake is one bencoded dictionary, at most 8 levels deep, that ...
	EXT4  // The payload of an extended message is at most 64 KiB.
	EXT5  // `m` has at most 128 entries, and each maps a name to an id from 0 to 255. Entries beyond that ...
	EXT6  // A repeated extension handshake changes only what it names; in `m`, an id of 0 withdraws the ...
	EXT7  // `p` from 1 to 65,535 is the listen port of an incoming peer; the first that is told counts.
	EXT8  // `reqq` above 0 limits our outstanding requests (LIM-3). Any other value is passed over.
	EXT9  // `v` is shown to people only after cutting it to 128 bytes and replacing what is not printable ...
	EXT10 // `upload_only` other than 0 declares the peer upload-only. A handshake with 0, or without it, ...
	EXT11 // We list `upload_only` in `m`; its message of one byte declares the peer upload-only, or with ...
	EXT12 // The id of an extended message is 0 or one that our `m` gave out.
	EXT13 // An extended message is sent only when extensions are negotiated.
	EXT14 // When we become complete, a peer whose `m` lists `upload_only` is told by that message, under ...
	EXT15 // `yourip` of 4 or 16 bytes is kept as the peer's word of our address, an IPv4-mapped one as ...
	EXT16 // No address that an extension handshake tells is dialled, but the peer's own with the port of ...
	EXT17 // We list `lt_donthave` in `m`; its message, the index of a piece in 4 bytes, takes the piece ...
	EXT18 // The index of an `lt_donthave` is less than the number of pieces.
	EXT19 // On one connection a peer takes back at most as many pieces as the torrent has, each time ...

	TMR1  // A limit of t acts when exactly t has passed, not a nanosecond before.
	TMR2  // What is due fires before the event that found it due, in the order of due time, connection, ...
	TMR3  // A dial that is not answered within 15 s fails.
	TMR4  // A connection whose peer's 68 bytes are not all there 10 s after its transport opened is closed, ...
	TMR5  // On an open connection a keep-alive is written when nothing has been written for 60 s.
	TMR6  // An open connection on which no byte has arrived for 120 s is closed.
	TMR7  // A peer is snubbed when the request timeout has passed on the request clock. The clock starts ...
	TMR8  // While requests are outstanding, a peer is snubbed when no byte of payload has arrived for 20 s.
	TMR9  // Snubbing a peer withdraws its outstanding requests: their blocks may be requested from others. ...
	TMR10 // A peer stops being snubbed when a block that was still missing arrives within the request ...
	TMR11 // When we are complete, a peer that is unchoked and interested, has no request queued and has ...
	TMR12 // While fewer than 5 connections are free, the one on which both sides have been uninterested for ...
	TMR13 // While we do not read from a peer, or do not write to it, because of our own limits, none of the ...
	TMR14 // When time is found to have jumped, more than 5 s past the deadline that we gave, the times that ...

	LIM1 // At most 200 connections exist together, half-open ones included. An incoming connection beyond ...
	LIM2 // A peer has at most 500 requests queued with us, as our `reqq` says.
	LIM3 // At most 500 requests are outstanding on a connection, or `reqq` of the peer if that is less.
	LIM4 // We aim at 4 outstanding requests at first and one more for each block that arrives, then at 3 s ...
	LIM5 // A connection draws at most 300 strikes.
	LIM6 // While the number of pieces is not known, no have names a piece from 2,097,152 up, and no ...
	LIM7 // When 1,000 answers wait for a peer that does not take them, we stop reading from it until they ...
	LIM8 // At most 50 incoming connections are in handshake together. A further one is closed at once.
	LIM9 // When received blocks wait for the disk beyond 16 MiB, we stop reading from peers that have a ...

	DUP1 // A connection whose peer id is ours is closed, and its address is not dialled again.
	DUP2 // Of two connections of a torrent with the same peer id, one opened by each side, the one ...
	DUP3 // Of two connections of a torrent with the same peer id that the same side opened, the older ...
	DUP4 // A known peer that is connected, being dialled or queued is not dialled.
	DUP5 // Closing a duplicate, or a connection to ourselves, counts as nobody's failure.

	FLG1  // Queued is true for an outgoing connection from its creation until a half-open place is given to ...
	FLG2  // Connecting is true from the moment the transport is asked to connect until it is open, fails or ...
	FLG3  // Handshake is true from the moment the transport is open, which for an incoming connection is ...
	FLG4  // Queued, Connecting and Handshake are never true together, and all three are false on an open or ...
	FLG5  // Torrent is bound from creation on an outgoing connection, and on an incoming one from its ...
	FLG6  // LocalConnection is true exactly for connections that we opened, and never changes.
	FLG7  // SupportExtensions is false until the peer's handshake is read, and then tells whether its ...
	FLG8  // Choked is true until we decide to unchoke the peer, and again from each decision to choke it. A ...
	FLG9  // OptimisticUnchoke is true while the peer holds an optimistic slot, and only while Choked is ...
	FLG10 // Interesting is false at first, and tells on an open connection whether the peer has a piece ...
	FLG11 // RemoteChoked is true until the peer unchokes us and after each choke from it.
	FLG12 // RemoteInterested is false until the peer says that it is interested (MSG-24 included) and after ...
	FLG13 // Snubbed is set by TMR-7 and TMR-8 and cleared by TMR-10.
	FLG14 // OnParole is set by TRU-3 and cleared by TRU-4. It belongs to the known peer and outlives the ...
	FLG15 // Pieces is the peer's supply, one bit a piece; it is empty until the peer tells it.
	FLG16 // Seed is true exactly when every bit of Pieces is set; while the number of pieces is not known, ...
	FLG17 // UploadOnly is true exactly when the peer has declared it (EXT-10, EXT-11) or is a seed.
	FLG18 // A connection that closes is choked and uninterested on both sides, and not snubbed.

	CHK1 // Upload slots are given anew every 10 s, among the open connections of all torrents together.
	CHK2 // There are 8 slots, of which max(1, slots / 5) are optimistic. No more peers than slots are ...
	CHK3 // Only interested peers hold a slot. One that stops being interested, or closes, gives it back at ...
	CHK4 // While downloading, the peers from whom most payload came in the last round are unchoked; of ...
	CHK5 // When complete, a peer that has been unchoked for 60 s and has been sent 20 pieces since goes ...
	CHK6 // Every 30 s the optimistic slots go to the interested peers that have waited longest for one; ...
	CHK7 // An optimistic peer that earns a slot by rank keeps it, and its optimistic slot goes to another ...
	CHK8 // While a slot is free, a peer that becomes interested is given it at once.
	CHK9 // A snubbed peer holds no slot by rank while we download; it may hold an optimistic one.

	PCK1  // The availability of a piece is the number of open connections whose supply has it.
	PCK2  // Until we have 4 pieces a new piece is chosen at random; after that the one of least ...
	PCK3  // A piece that is begun is finished before a new one is begun, as far as the peer has it.
	PCK4  // Outside end-game a block is outstanding on one connection only, withdrawn requests not counted.
	PCK5  // End-game is when every missing block is outstanding somewhere. A peer with no request ...
	PCK6  // A snubbed peer is asked for one block at a time, of the most available pieces first.
	PCK7  // A request that is rejected, voided, or ended by the close of its connection makes its block ...
	PCK8  // A piece whose hash is wrong is missing again, with all its blocks.
	PCK9  // A peer on parole is asked only for blocks of pieces all of whose blocks, received or ...
	PCK10 // While the disk cannot take data, nothing is requested.
	PCK11 // No piece is announced or served before its hash was found right.

	DIA1  // At most 30 connections are half-open together; further ones are queued, and each success, ...
	DIA2  // Of the known peers that may be dialled, those with fewer failures come first, then those not ...
	DIA3  // A known peer with f failures is dialled again no sooner than (f + 1) x 60 s after the last ...
	DIA4  // A known peer with 3 failures is not dialled until a tracker names it again, which takes one ...
	DIA5  // No address is dialled with port 0 or 1, nor an unspecified, multicast or broadcast one, nor a ...
	DIA6  // Failures grow by one when a dial fails, when a connection ends before its handshake is done for ...
	DIA7  // At most 3,000 peers of a torrent are known. When another comes, one that is not connected makes ...
	DIA8  // A known peer is its address and listen port once the port is known, and its address alone ...
	DIA9  // When complete, known seeds and upload-only peers are not dialled, and a connection on which ...
	DIA10 // A known peer that the user named is never given up: it is dialled again after 5 s, twice as ...
	DIA11 // At most 4,096 addresses are banned together; the oldest ban makes room for a new one.
	DIA12 // While a torrent that is not complete has fewer than 8 connections and no known peer that may be ...

	TRU1 // Each stored block is remembered with the known peer that sent it until its piece is verified.
	TRU2 // A piece whose blocks all came from one known peer has the right hash.
	TRU3 // When a piece to which several known peers contributed has a wrong hash, each of them is put on ...
	TRU4 // When a piece has the right hash, all who contributed to it are off parole.
	TRU5 // A block that was part of a failed piece equals the block in the piece that later had the right ...
	TRU6 // A ban is of the address without its port. It is lifted when 1 h has passed.
	TRU7 // While an address is banned, its connections are closed, it is not dialled, and connections from ...
	TRU8 // A block that we failed to write, or to read back, blames nobody.
	TRU9 // No number of failed pieces with shared blame bans a peer: no coalition of liars can have an ...

	ANN1 // The sixteen status methods report what is decided, not what is announced.
	ANN2 // Choke, unchoke, interested and not interested are written only when what is decided differs ...
	ANN3 // Only an announced choke refuses or voids requests. Until it is announced, requests are ...
	ANN4 // A request of ours that is taken back before it was written is not written, nor is a cancel for ...
	ANN5 // The transport is asked for room to write once, when there is something to write and it was not ...
	ANN6 // Control messages are written before the next piece message, never inside one.

	TOR1 // An incoming connection is bound to the torrent of ours that its info-hash names, and stays so.
	TOR2 // An incoming connection whose info-hash names no torrent of ours, or one that is stopped, is ...
	TOR3 // When a torrent is removed, its connections are closed, and answers to what was asked of the ...

	WHY1 // Every decision that concerns one of the sixteen flags is kept with its reason, which is one of ...
	WHY2 // A flag stands as it does since the machine behind it entered its state. A decision that leaves ...
	WHY3 // Of every connection it can be told at any time, for each of the sixteen flags: how it stands, ...
)

var clauses = [...]row{
	{},
	HSK1:  {"HSK-1", Must, Us},
	HSK2:  {"HSK-2", Must, Us},
	HSK3:  {"HSK-3", Must, Us},
	HSK4:  {"HSK-4", Must, Us},
	HSK5:  {"HSK-5", Must, Peer},
	HSK6:  {"HSK-6", Must, Us},
	HSK7:  {"HSK-7", Must, Peer},
	HSK8:  {"HSK-8", Must, Us},
	HSK9:  {"HSK-9", Must, Us},
	HSK10: {"HSK-10", Should, Us},
	FRM1:  {"FRM-1", Must, Us},
	FRM2:  {"FRM-2", Must, Us},
	FRM3:  {"FRM-3", Must, Peer},
	FRM4:  {"FRM-4", Must, Peer},
	FRM5:  {"FRM-5", Must, Peer},
	FRM6:  {"FRM-6", Must, Us},
	FRM7:  {"FRM-7", Should, Peer},
	MSG1:  {"MSG-1", Must, Us},
	MSG2:  {"MSG-2", Must, Peer},
	MSG3:  {"MSG-3", Must, Us},
	MSG4:  {"MSG-4", Must, Peer},
	MSG5:  {"MSG-5", Should, Peer},
	MSG6:  {"MSG-6", Must, Us},
	MSG7:  {"MSG-7", Must, Peer},
	MSG8:  {"MSG-8", Must, Us},
	MSG9:  {"MSG-9", Must, Us},
	MSG10: {"MSG-10", Must, Us},
	MSG11: {"MSG-11", Must, Us},
	MSG12: {"MSG-12", Must, Peer},
	MSG13: {"MSG-13", Must, Peer},
	MSG14: {"MSG-14", Must, Peer},
	MSG15: {"MSG-15", Must, Peer},
	MSG16: {"MSG-16", Must, Us},
	MSG17: {"MSG-17", Must, Us},
	MSG18: {"MSG-18", Must, Peer},
	MSG19: {"MSG-19", Must, Peer},
	MSG20: {"MSG-20", Must, Us},
	MSG21: {"MSG-21", Must, Us},
	MSG22: {"MSG-22", Must, Us},
	MSG23: {"MSG-23", Must, Us},
	MSG24: {"MSG-24", Should, Us},
	MSG25: {"MSG-25", Must, Us},
	MSG26: {"MSG-26", Must, Us},
	FST1:  {"FST-1", Must, Peer},
	FST2:  {"FST-2", Must, Peer},
	FST3:  {"FST-3", Must, Us},
	FST4:  {"FST-4", Must, Us},
	FST5:  {"FST-5", Must, Us},
	FST6:  {"FST-6", Must, Us},
	FST7:  {"FST-7", Must, Us},
	FST8:  {"FST-8", Should, Peer},
	FST9:  {"FST-9", Must, Us},
	FST10: {"FST-10", Should, Us},
	FST11: {"FST-11", Should, Peer},
	FST12: {"FST-12", Must, Us},
	FST13: {"FST-13", Must, Us},
	FST14: {"FST-14", Should, Peer},
	FST15: {"FST-15", Must, Us},
	FST16: {"FST-16", Must, Us},
	FST17: {"FST-17", Must, Peer},
	FST18: {"FST-18", Must, Us},
	FST19: {"FST-19", Should, Us},
	EXT1:  {"EXT-1", Must, Us},
	EXT2:  {"EXT-2", Must, Us},
	EXT3:  {"EXT-3", Should, Peer},
	EXT4:  {"EXT-4", Must, Peer},
	EXT5:  {"EXT-5", Must, Peer},
	EXT6:  {"EXT-6", Must, Us},
	EXT7:  {"EXT-7", Must, Us},
	EXT8:  {"EXT-8", Must, Us},
	EXT9:  {"EXT-9", Must, Us},
	EXT10: {"EXT-10", Must, Us},
	EXT11: {"EXT-11", Should, Us},
	EXT12: {"EXT-12", Should, Peer},
	EXT13: {"EXT-13", Should, Peer},
	EXT14: {"EXT-14", Should, Us},
	EXT15: {"EXT-15", Must, Us},
	EXT16: {"EXT-16", Must, Us},
	EXT17: {"EXT-17", Must, Us},
	EXT18: {"EXT-18", Should, Peer},
	EXT19: {"EXT-19", Should, Peer},
	TMR1:  {"TMR-1", Must, Us},
	TMR2:  {"TMR-2", Must, Us},
	TMR3:  {"TMR-3", Must, Us},
	TMR4:  {"TMR-4", Must, Us},
	TMR5:  {"TMR-5", Must, Us},
	TMR6:  {"TMR-6", Must, Us},
	TMR7:  {"TMR-7", Must, Us},
	TMR8:  {"TMR-8", Must, Us},
	TMR9:  {"TMR-9", Must, Us},
	TMR10: {"TMR-10", Must, Us},
	TMR11: {"TMR-11", Must, Us},
	TMR12: {"TMR-12", Should, Us},
	TMR13: {"TMR-13", Must, Us},
	TMR14: {"TMR-14", Must, Us},
	LIM1:  {"LIM-1", Must, Us},
	LIM2:  {"LIM-2", Must, Peer},
	LIM3:  {"LIM-3", Must, Us},
	LIM4:  {"LIM-4", Should, Us},
	LIM5:  {"LIM-5", Must, Peer},
	LIM6:  {"LIM-6", Must, Peer},
	LIM7:  {"LIM-7", Must, Us},
	LIM8:  {"LIM-8", Should, Us},
	LIM9:  {"LIM-9", Should, Us},
	DUP1:  {"DUP-1", Must, Us},
	DUP2:  {"DUP-2", Must, Us},
	DUP3:  {"DUP-3", Must, Us},
	DUP4:  {"DUP-4", Must, Us},
	DUP5:  {"DUP-5", Must, Us},
	FLG1:  {"FLG-1", Must, Us},
	FLG2:  {"FLG-2", Must, Us},
	FLG3:  {"FLG-3", Must, Us},
	FLG4:  {"FLG-4", Must, Us},
	FLG5:  {"FLG-5", Must, Us},
	FLG6:  {"FLG-6", Must, Us},
	FLG7:  {"FLG-7", Must, Us},
	FLG8:  {"FLG-8", Must, Us},
	FLG9:  {"FLG-9", Must, Us},
	FLG10: {"FLG-10", Must, Us},
	FLG11: {"FLG-11", Must, Us},
	FLG12: {"FLG-12", Must, Us},
	FLG13: {"FLG-13", Must, Us},
	FLG14: {"FLG-14", Must, Us},
	FLG15: {"FLG-15", Must, Us},
	FLG16: {"FLG-16", Must, Us},
	FLG17: {"FLG-17", Must, Us},
	FLG18: {"FLG-18", Must, Us},
	CHK1:  {"CHK-1", Must, Us},
	CHK2:  {"CHK-2", Must, Us},
	CHK3:  {"CHK-3", Must, Us},
	CHK4:  {"CHK-4", Must, Us},
	CHK5:  {"CHK-5", Must, Us},
	CHK6:  {"CHK-6", Must, Us},
	CHK7:  {"CHK-7", Must, Us},
	CHK8:  {"CHK-8", Should, Us},
	CHK9:  {"CHK-9", Should, Us},
	PCK1:  {"PCK-1", Must, Us},
	PCK2:  {"PCK-2", Must, Us},
	PCK3:  {"PCK-3", Must, Us},
	PCK4:  {"PCK-4", Must, Us},
	PCK5:  {"PCK-5", Must, Us},
	PCK6:  {"PCK-6", Must, Us},
	PCK7:  {"PCK-7", Must, Us},
	PCK8:  {"PCK-8", Must, Us},
	PCK9:  {"PCK-9", Must, Us},
	PCK10: {"PCK-10", Must, Us},
	PCK11: {"PCK-11", Must, Us},
	DIA1:  {"DIA-1", Must, Us},
	DIA2:  {"DIA-2", Must, Us},
	DIA3:  {"DIA-3", Must, Us},
	DIA4:  {"DIA-4", Must, Us},
	DIA5:  {"DIA-5", Must, Us},
	DIA6:  {"DIA-6", Must, Us},
	DIA7:  {"DIA-7", Must, Us},
	DIA8:  {"DIA-8", Must, Us},
	DIA9:  {"DIA-9", Should, Us},
	DIA10: {"DIA-10", Must, Us},
	DIA11: {"DIA-11", Must, Us},
	DIA12: {"DIA-12", Should, Us},
	TRU1:  {"TRU-1", Must, Us},
	TRU2:  {"TRU-2", Must, Peer},
	TRU3:  {"TRU-3", Must, Us},
	TRU4:  {"TRU-4", Must, Us},
	TRU5:  {"TRU-5", Should, Peer},
	TRU6:  {"TRU-6", Must, Us},
	TRU7:  {"TRU-7", Must, Us},
	TRU8:  {"TRU-8", Must, Us},
	TRU9:  {"TRU-9", Must, Us},
	ANN1:  {"ANN-1", Must, Us},
	ANN2:  {"ANN-2", Must, Us},
	ANN3:  {"ANN-3", Must, Us},
	ANN4:  {"ANN-4", Must, Us},
	ANN5:  {"ANN-5", Must, Us},
	ANN6:  {"ANN-6", Must, Us},
	TOR1:  {"TOR-1", Must, Us},
	TOR2:  {"TOR-2", Must, Us},
	TOR3:  {"TOR-3", Must, Us},
	WHY1:  {"WHY-1", Must, Us},
	WHY2:  {"WHY-2", Must, Us},
	WHY3:  {"WHY-3", Must, Us},
}
