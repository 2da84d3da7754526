package search

import (
	"cmp"
	"slices"
	"strings"
)

// What a word weighs by where it stands.
const (
	inTitle  = 100
	inName   = 90
	inText   = 40
	inDetail = 22
)

// Index finds entries. It does not change and may be used by several goroutines.
type Index struct {
	entries  []Entry
	titles   []string   // folded
	phrases  [][]string // names of each entry, folded and without small words, and its sentences, folded
	words    []string   // each once
	postings [][]posting
	byTitle  []int32 // places of the entries in natural order
}

// posting is an entry that has a word.
type posting struct {
	entry  int32
	weight int32
}

// New makes the index of entries. It takes some ten milliseconds for a thousand cmdlets.
func New(entries []Entry) *Index {
	x := &Index{
		entries: entries, titles: make([]string, len(entries)), phrases: make([][]string, len(entries)),
		byTitle: make([]int32, len(entries)),
	}
	b := newBuilder(entries)
	for i := range entries {
		x.read(int32(i), b)
	}
	x.words, x.postings = b.words, b.postings()
	slices.SortStableFunc(x.byTitle, x.natural)
	return x
}

// natural compares the entries at two places: by kind, and by title as people number.
func (x *Index) natural(a, b int32) int {
	return cmp.Or(cmp.Compare(x.entries[a].Kind, x.entries[b].Kind), compareNatural(x.titles[a], x.titles[b]))
}

// read collects the words of the entry at a place.
func (x *Index) read(place int32, b *builder) {
	e := &x.entries[place]
	x.titles[place], x.byTitle[place] = fold(e.Title), place
	b.entry = place
	for _, id := range b.partsOf(e.Title) {
		b.add(id, inTitle)
	}
	phrases := make([]string, 0, len(e.Names)+len(e.Texts))
	for _, name := range e.Names {
		folded := fold(name)
		phrases = append(phrases, meaning(folded))
		b.addWords(folded, inName)
	}
	for _, text := range e.Texts {
		folded := fold(text)
		phrases = append(phrases, folded)
		b.addWords(folded, inText)
	}
	x.phrases[place] = phrases
	for _, detail := range e.Details {
		for _, id := range b.partsOf(detail) {
			b.add(id, inDetail)
		}
	}
}

// builder collects the words of entries.
type builder struct {
	entry  int32
	words  []string
	places map[string]int32   // word to its place in words
	last   []int32            // by the same place: where the word was found last, among found
	count  []int32            // and how many entries have it
	split  map[string][]int32 // the words of a name within an entry: thousands have the same
	found  []finding
	room   []int32  // where those words lie
	pieces []string // of the name that is being split
}

// newBuilder makes room for about what the entries have: to grow by doubling took a fifth
// of the time.
func newBuilder(entries []Entry) *builder {
	details := 0
	for _, e := range entries {
		details += len(e.Details)
	}
	return &builder{
		places: make(map[string]int32, 4*len(entries)), split: make(map[string][]int32, 4*len(entries)),
		found: make([]finding, 0, 16*len(entries)+2*details),
	}
}

// finding is a word of an entry.
type finding struct {
	word int32
	posting
}

// id gives the word's place.
func (b *builder) id(word string) int32 {
	id, known := b.places[word]
	if !known {
		id = int32(len(b.words))
		b.places[word] = id
		b.words, b.last, b.count = append(b.words, word), append(b.last, -1), append(b.count, 0)
	}
	return id
}

// partsOf gives the places of a name's words.
func (b *builder) partsOf(name string) []int32 {
	ids, known := b.split[name]
	if !known {
		b.pieces = appendParts(b.pieces[:0], name)
		if cap(b.room)-len(b.room) < len(b.pieces) {
			b.room = make([]int32, 0, max(4096, len(b.pieces)))
		}
		from := len(b.room)
		for _, word := range b.pieces {
			b.room = append(b.room, b.id(word))
		}
		ids = b.room[from:len(b.room):len(b.room)]
		b.split[name] = ids
	}
	return ids
}

// addWords notes the words of a folded text.
func (b *builder) addWords(folded string, weight int32) {
	for word := range strings.FieldsFuncSeq(folded, between) {
		b.add(b.id(word), weight)
	}
}

// add notes that the entry has the word.
func (b *builder) add(id, weight int32) {
	if at := b.last[id]; at >= 0 && b.found[at].entry == b.entry {
		b.found[at].weight = max(b.found[at].weight, weight)
		return
	}
	b.last[id] = int32(len(b.found))
	b.count[id]++
	b.found = append(b.found, finding{id, posting{b.entry, weight}})
}

// postings gives each word's entries, in their order.
func (b *builder) postings() [][]posting {
	room := make([]posting, len(b.found))
	postings := make([][]posting, len(b.words))
	for id := range postings {
		postings[id], room = room[:0:b.count[id]], room[b.count[id]:]
	}
	for _, f := range b.found {
		postings[f.word] = append(postings[f.word], f.posting)
	}
	return postings
}

// Len is how many entries there are.
func (x *Index) Len() int { return len(x.entries) }

// Find gives what the query means, the best first. For an empty query it gives the
// favourites, then what was used of late, then all in natural order.
func (x *Index) Find(query string, p Preference) []Entry {
	words, text := asked(query)
	bonus := x.bonuses(p)
	if len(words) == 0 {
		return x.all(bonus)
	}
	hits, _ := x.hits(words, text, bonus)
	return x.pick(hits)
}

// Fit is how well the best entry fits, 0 for none and for an empty query. The fits of
// several indexes may be compared.
func (x *Index) Fit(query string, p Preference) int {
	words, text := asked(query)
	if len(words) == 0 {
		return 0
	}
	hits, scores := x.hits(words, text, x.bonuses(p))
	if len(hits) == 0 {
		return 0
	}
	return int(scores[hits[0]])
}

// asked are the words of a query, and the folded query.
func asked(query string) ([]string, string) {
	folded := strings.Join(strings.Fields(fold(query)), " ")
	return wordsOf(folded), folded
}

// hits are the places of what the words find, the best first, and the scores by place.
func (x *Index) hits(words []string, text string, bonus []int32) (hits, scores []int32) {
	scores = x.score(words)
	asked := question{text: text, meant: meaning(text)}
	for _, place := range x.byTitle {
		if scores[place] == 0 {
			continue
		}
		scores[place] += x.phrase(place, asked) + bonus[place]
		if x.entries[place].Common {
			scores[place] += 8
		}
		hits = append(hits, place)
	}
	slices.SortStableFunc(hits, func(a, b int32) int {
		return cmp.Or(int(scores[b]-scores[a]), cmp.Compare(x.entries[a].Order, x.entries[b].Order))
	})
	return hits, scores
}

// bonuses raises what the person has used, the first the most; nil for nothing.
func (x *Index) bonuses(p Preference) []int32 {
	places := make(map[string]int32, len(p.Favourites)+len(p.Recent))
	raise := func(keys []string, most, least int32) {
		for i, key := range keys {
			places[key] = max(places[key], most-min(int32(i), most-least))
		}
	}
	raise(p.Recent, 30, 10)
	raise(p.Favourites, 60, 40)
	bonus := make([]int32, len(x.entries))
	if len(places) > 0 {
		for i, e := range x.entries {
			bonus[i] = places[e.Key()]
		}
	}
	return bonus
}

// all gives every entry, those with a bonus first.
func (x *Index) all(bonus []int32) []Entry {
	places := slices.Clone(x.byTitle)
	slices.SortStableFunc(places, func(a, b int32) int { return int(bonus[b] - bonus[a]) })
	return x.pick(places)
}

func (x *Index) pick(places []int32) []Entry {
	found := make([]Entry, len(places))
	for i, place := range places {
		found[i] = x.entries[place]
	}
	return found
}

// score sums what each word of the query finds. Small words need not be found; the others
// must all be, or where no entry of the kind has all, as many as any has: at least half of
// them where things of other kinds have more.
func (x *Index) score(words []string) []int32 {
	scores := make([]int32, len(x.entries))
	have := make([]int8, len(x.entries))
	best := make([]int32, len(x.entries))
	needed := slices.DeleteFunc(slices.Clone(words), small)
	if len(needed) == 0 {
		needed = words
	}
	var most [kinds]int8
	for _, word := range needed {
		clear(best)
		x.match(word, best)
		for i, s := range best {
			if s > 0 {
				scores[i] += s
				have[i]++
				kind := x.entries[i].Kind
				most[kind] = max(most[kind], have[i])
			}
		}
	}
	all := slices.Max(most[:])
	for i := range scores {
		kind := x.entries[i].Kind
		if have[i] < most[kind] || have[i] < all && 2*int(have[i]) < len(needed) {
			scores[i] = 0
		}
	}
	return scores
}

// match writes into best, for each entry, what the word finds there.
func (x *Index) match(word string, best []int32) {
	found := false
	for i, w := range x.words {
		share := closeness(word, w)
		if share == 0 {
			continue
		}
		found = found || share >= begun
		x.raise(i, share, best)
	}
	if found || len(word) < 4 {
		return
	}
	for i, w := range x.words {
		switch {
		case near(word, w):
			x.raise(i, 55, best)
		case nearBeginning(word, w):
			x.raise(i, 45, best)
		}
	}
}

func (x *Index) raise(word int, share int32, best []int32) {
	for _, p := range x.postings[word] {
		best[p.entry] = max(best[p.entry], max(1, p.weight*share/100))
	}
}

// begun is how near a word is of which the beginning was typed. What only comes to less may
// be another word, misspelt.
const begun = 85

// longestEnding is by how many letters a form of a word is longer than the word.
const longestEnding = 4

// closeness is how near a word of the index is to a typed one, in percent: the same, begun,
// the typed one within it, or a longer form of it.
func closeness(typed, w string) int32 {
	switch {
	case typed == w:
		return 100
	case strings.HasPrefix(w, typed):
		return begun
	case len(typed) >= 4 && strings.Contains(w, typed):
		return 60
	case len(w) >= 5 && len(typed) > len(w) && len(typed) <= len(w)+longestEnding && strings.HasPrefix(typed, w):
		return 65
	}
	return 0
}

// question is a query, folded, and without its small words.
type question struct{ text, meant string }

// phrase is what the query as a whole adds: as the title, the beginning of it, or words in
// this order in a name or a sentence.
func (x *Index) phrase(place int32, asked question) int32 {
	title := x.titles[place]
	e := &x.entries[place]
	add := int32(0)
	switch {
	case title == asked.text:
		return 300
	case strings.Contains(asked.text, " ") && strings.HasPrefix(title, asked.text+" "):
		add = 140
	case strings.HasPrefix(title, asked.text):
		add = 60
	}
	for i, p := range x.phrases[place] {
		query := asked.text
		if i < len(e.Names) {
			query = asked.meant
		}
		switch {
		case p == query && i < e.Prime:
			add = max(add, 130)
		case p == query:
			add = max(add, 80)
		case strings.Contains(query, " ") && strings.Contains(p, query):
			add = max(add, 20+int32(60*len(query)/len(p)))
		case i < len(e.Names) && strings.Contains(p, " ") && strings.Contains(query, p):
			add = max(add, 20+int32(60*len(p)/len(query)))
		}
	}
	return add
}
