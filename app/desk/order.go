package desk

// Order keeps what workers of one kind bring in the order in which they were begun: they end as
// they like, and what was read earlier must not take the place of what was read later. The zero
// Order is ready for use. UI thread only.
type Order struct{ begun, came uint64 }

// Begin is called before a worker is started, and what it returns once, when the worker's result
// is there: it tells whether that of a later one has come already.
func (o *Order) Begin() (overtaken func() bool) {
	o.begun++
	number := o.begun
	return func() bool {
		if number < o.came {
			return true
		}
		o.came = number
		return false
	}
}
