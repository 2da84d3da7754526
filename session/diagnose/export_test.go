package diagnose

// Rows gives the ids of the table's rows in order, for the test that each has
// a sample.
func Rows() []string {
	var ids []string
	for _, r := range table() {
		ids = append(ids, r.id)
	}
	return ids
}

// Row gives the index of the row that explains err.
func Row(err error) int {
	f := gather(err)
	for i, r := range table() {
		if r.when(f) {
			return i
		}
	}
	return -1
}

// Sentences gives the texts of a language by row.
func Sentences(language string) map[string][3]string {
	out := map[string][3]string{}
	for id, s := range allTexts()[language] {
		out[id] = [3]string{s.Title, s.Cause, s.Fix}
	}
	return out
}

// Languages gives the languages with texts.
func Languages() []string { return languages() }
