package psrp

import (
	"hash/fnv"
	"slices"
	"strconv"
)

// recentRecords remembers the records of a pipeline that a host call may still
// repeat: PowerShell sends the record first, then the call with the same text.
type recentRecords struct{ hashes []uint64 }

// maxRecent is more than any server sends between a record and its call. With a
// null host nothing is ever repeated, so it must be bounded.
const maxRecent = 64

func (r *recentRecords) add(kind, text string) {
	if len(r.hashes) == maxRecent {
		r.hashes = slices.Delete(r.hashes, 0, maxRecent/2)
	}
	r.hashes = append(r.hashes, recordHash(kind, text))
}

// take tells whether a record said this, and forgets the record.
func (r *recentRecords) take(kind, text string) bool {
	i := slices.Index(r.hashes, recordHash(kind, text))
	if i < 0 {
		return false
	}
	r.hashes = slices.Delete(r.hashes, i, i+1)
	return true
}

func recordHash(kind, text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(kind + "\x00" + text))
	return h.Sum64()
}

const hostTextKind = "host"

func progressKey(p Progress) string {
	done := "-"
	if p.Completed {
		done = "+"
	}
	return strconv.Itoa(int(p.ActivityID)) + done + strconv.Itoa(int(p.PercentComplete)) + "\x00" + p.Activity + "\x00" + p.Status + "\x00" + p.CurrentOperation
}

// repeats tells whether a host call says what a record has already said.
func (r *recentRecords) repeats(c HostCall) bool {
	if p, ok := c.AsProgress(); ok {
		return r.take("progress", progressKey(p))
	}
	w, ok := c.AsWrite()
	switch {
	case !ok || w.Error:
		return false
	case w.Stream != 0:
		return r.take(w.Stream.String(), w.Text)
	}
	return r.take(hostTextKind, w.Text)
}
