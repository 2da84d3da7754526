package endpoint

// ParseAddress is what a text says by itself, before a Directory knows the place.
func ParseAddress(text string) (Address, error) {
	a, _, err := parseAddress(text)
	return a, err
}
