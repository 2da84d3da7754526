package connect

import (
	"postroom/app/desk"
	"postroom/widgets"
)

// board is what the parts of the dialog stand on: the desk, their rows, and the few
// things that each of them does with the whole.
type board struct {
	desk    *desk.Desk
	fields  fields
	arrange func()              // gives the dialog the size of what is in it
	submit  func()              // connects
	wrong   func(field, string) // shows what is wrong beside a field; "" takes it away
	problem func(error)         // shows an error below the fields
}

// change does something on a worker, and then shows what has come of it.
func (b board) change(do func() error, after func()) {
	b.desk.Spawn(func() { // ends when the file is written
		err := do()
		b.desk.Post(func() {
			if err != nil {
				b.problem(err)
				return
			}
			after()
		})
	})
}

// quietly replaces a text that no person typed.
func quietly(e *widgets.Entry, text string) {
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(text)
	e.OnChanged = changed
}
