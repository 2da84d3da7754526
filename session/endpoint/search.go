package endpoint

import (
	"cmp"
	"slices"
	"strings"
)

// searchKeys is what a tenant is found by, folded once.
type searchKeys struct {
	name   string
	domain string // as people write it
	ascii  string // as it is sent
	tags   []string
}

func keysOf(x Tenant) searchKeys {
	k := searchKeys{name: fold(x.Name), domain: fold(DisplayDomain(x.Domain)), ascii: x.Domain}
	for _, tag := range x.Tags {
		k.tags = append(k.tags, fold(tag))
	}
	return k
}

// The ranks of a match, the best first.
const (
	rankNamePrefix = iota
	rankDomainPrefix
	rankWordPrefix
	rankTag
	rankInside
	noMatch
)

// Search returns the tenants in whose name, domain or tags every word of query
// occurs, whatever its case and accents. Names that begin with the query come
// first, then domains that do, words, tags, and the rest; within a rank pinned
// ones, then those used last, then by name. An empty query returns all in that
// order. It is fast enough to be called at each key.
func (t *Tenants) Search(query string) []Tenant {
	words := strings.Fields(fold(query))
	whole := strings.Join(words, " ")
	type hit struct {
		rank   int
		tenant *Tenant
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var hits []hit
	for i := range t.list {
		if rank := t.index[i].rank(whole, words); rank < noMatch {
			hits = append(hits, hit{rank, &t.list[i]})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { // stable: the list is by name
		return cmp.Or(cmp.Compare(a.rank, b.rank), pinnedFirst(a.tenant, b.tenant),
			b.tenant.LastUsed.Compare(a.tenant.LastUsed))
	})
	out := make([]Tenant, len(hits))
	for i, h := range hits {
		out[i] = h.tenant.clone()
	}
	return out
}

func pinnedFirst(a, b *Tenant) int {
	switch {
	case a.Pinned == b.Pinned:
		return 0
	case a.Pinned:
		return -1
	}
	return 1
}

func (k searchKeys) rank(whole string, words []string) int {
	switch {
	case strings.HasPrefix(k.name, whole):
		return rankNamePrefix
	case strings.HasPrefix(k.domain, whole), strings.HasPrefix(k.ascii, whole):
		return rankDomainPrefix
	}
	worst := rankWordPrefix
	for _, w := range words {
		worst = max(worst, k.rankWord(w))
	}
	return worst
}

func (k searchKeys) rankWord(w string) int {
	switch {
	case wordBegins(k.name, w), strings.HasPrefix(k.domain, w), strings.HasPrefix(k.ascii, w):
		return rankWordPrefix
	case slices.ContainsFunc(k.tags, func(tag string) bool { return strings.HasPrefix(tag, w) }):
		return rankTag
	case strings.Contains(k.name, w), strings.Contains(k.domain, w), strings.Contains(k.ascii, w),
		slices.ContainsFunc(k.tags, func(tag string) bool { return strings.Contains(tag, w) }):
		return rankInside
	}
	return noMatch
}

// wordBegins reports whether a word of text begins with w.
func wordBegins(text, w string) bool {
	for start := 0; ; {
		i := strings.Index(text[start:], w)
		if i < 0 {
			return false
		}
		at := start + i
		if at == 0 || strings.ContainsRune(" -_.&/(,", rune(text[at-1])) {
			return true
		}
		start = at + 1
	}
}
