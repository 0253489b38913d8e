// Package tracker announces a torrent to its trackers and learns peers from them, over HTTP,
// HTTPS and UDP (BEP 3, 7, 12, 15, 23, 24 and 41).
//
// A Client makes one announce to one tracker. An Announcer looks after one torrent for as long as it
// runs: it walks the tiers of trackers, keeps to their intervals, sends each event once, and backs off from
// trackers that fail.
//
// Both the tracker and the URL that names it (which comes out of a .torrent file) are strangers. So answers
// are bounded before and after decompression, text from a tracker is made printable before anybody sees it,
// URLs are shown without the secrets that private trackers put into them, and a URL cannot be used
// to reach services of this host or its network that are no trackers (see ErrForbidden).
package tracker
