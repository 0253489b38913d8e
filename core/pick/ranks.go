package pick

// ranks keeps all pieces in order of availability, so that a peer's having or losing a piece
// moves it in a few swaps: the pieces of one availability, a tier, stand together, and a piece
// changes tier by going to the edge of its own and moving the edge.
//
// So where a piece stands says how many peers have it, and is all that is kept of it: 4 bytes a piece, or 8 where there are more than 65536.
//
// Within a tier the listed pieces come first. Only untouched pieces are listed; the others
// keep their place, for their availability goes on changing and they may come back.
//
// Peers have pieces all the time, and the order is asked for now and then. So what they gain is put down at first, and
// counted when it matters, many pieces at a time: each alone would bring a dozen lines of memory into the cache for itself. Methods of a Picker that
// look at availability or order call settle before.
type ranks struct {
	late   [lateGains]uint32 // pieces that were gained and are not counted yet, in the order in which that was
	lates  uint32            // how many they are
	order  numbers           // the pieces
	pos    numbers           // by piece: its index in order
	start  []uint32          // by availability: where its tier starts in order; and one more, the end
	live   []uint32          // by availability: listed pieces in its tier
	listed uint32            // listed pieces in all
}

// lateGains is how many pieces are put down before they are counted.
const lateGains = 31

// newRanks gives n pieces, at least one, that nobody has, all of them listed.
func newRanks(n uint32) ranks {
	return ranks{
		order:  newNumbers(n),
		pos:    newNumbers(n),
		start:  []uint32{0, n},
		live:   []uint32{n},
		listed: n,
	}
}

// tier is where in order the listed pieces of one availability begin, and how many they are.
func (r *ranks) tier(avail int) (from uint32, n int) { return r.start[avail], int(r.live[avail]) }

// avail is how many peers have the piece: of all tiers that start where it stands or before, the last.
func (r *ranks) avail(piece uint32) uint32 {
	at, low, high := r.pos.at(piece), 0, len(r.live)
	for high-low > 1 {
		if middle := int(uint(low+high) / 2); r.start[middle] <= at {
			low = middle
		} else {
			high = middle
		}
	}
	return uint32(low)
}

// isListed tells whether the piece is listed.
func (r *ranks) isListed(piece uint32) bool { return r.isListedAt(piece, r.avail(piece)) }

// isListedAt is isListed where the piece's availability is known.
func (r *ranks) isListedAt(piece, a uint32) bool { return r.pos.at(piece) < r.start[a]+r.live[a] }

// list puts a piece among the listed ones of its tier.
func (r *ranks) list(piece uint32) {
	a := r.avail(piece)
	r.move(piece, r.start[a]+r.live[a])
	r.live[a]++
	r.listed++
}

// delist puts a listed piece among the others of its tier.
func (r *ranks) delist(piece uint32) {
	a := r.avail(piece)
	r.live[a]--
	r.listed--
	r.move(piece, r.start[a]+r.live[a])
}

// put puts a gain down, which is counted with the next settle.
func (r *ranks) put(piece uint32) {
	if r.lates == lateGains {
		r.settle()
	}
	r.late[r.lates] = piece
	r.lates++
}

// settle counts what was put down.
func (r *ranks) settle() {
	for _, piece := range r.late[:r.lates] {
		r.gain(piece)
	}
	r.lates = 0
}

// gain moves a piece up one tier.
func (r *ranks) gain(piece uint32) {
	a := r.avail(piece)
	if int(a)+1 == len(r.live) {
		r.start = append(r.start, r.start[a+1])
		r.live = append(r.live, 0)
	}
	listed := r.isListedAt(piece, a)
	if listed {
		r.live[a]--
		r.move(piece, r.start[a]+r.live[a])
	}
	r.start[a+1]--
	r.move(piece, r.start[a+1])
	if listed {
		r.live[a+1]++ // it stands before the first, and so first
	} else {
		r.move(piece, r.start[a+1]+r.live[a+1])
	}
}

// lose moves a piece down one tier.
func (r *ranks) lose(piece uint32) {
	a := r.avail(piece)
	if a == 0 {
		panic("BUG: a piece is lost that nobody has")
	}
	listed := r.isListedAt(piece, a)
	if listed {
		r.live[a]--
	} else {
		r.move(piece, r.start[a]+r.live[a])
	}
	r.move(piece, r.start[a])
	r.start[a]++
	if listed {
		r.move(piece, r.start[a-1]+r.live[a-1])
		r.live[a-1]++
	}
}

// move puts the piece at index to, and what stood there in its place.
func (r *ranks) move(piece, to uint32) {
	from, other := r.pos.at(piece), r.order.at(to)
	r.order.set(from, other)
	r.pos.set(other, from)
	r.order.set(to, piece)
	r.pos.set(piece, to)
}
