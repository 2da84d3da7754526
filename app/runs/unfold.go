package runs

import (
	"postroom/session/clixml"
	"postroom/session/result"
	"postroom/widgets"
)

// What is unfolded of a value at most: it is read on the UI thread, and no person reads more.
const (
	unfoldedBytes  = 256 << 10
	unfoldedParts  = 4000 // an object may stand in many others
	unfoldedLevels = 16   // and in itself
)

// unfolded is a value with its parts: the items of a list, the properties of an object, and
// those of the objects in them. Its text is the caller's.
func unfolded(v result.Value) widgets.Detail {
	d := widgets.Detail{Null: v.Kind == result.KindNull || v.Kind == result.KindAbsent}
	if v.Kind != result.KindList && v.Kind != result.KindNested {
		return d
	}
	if len(v.Raw) > 0 && len(v.Raw) <= unfoldedBytes {
		u := unfolding{left: unfoldedParts}
		decoder := clixml.Decoder{Limits: clixml.Limits{Elements: 4 * unfoldedParts}}
		// What is too much to be decoded here is no less there: its text and its items stand.
		if value, err := decoder.Decode(v.Raw); err == nil {
			d.Parts = u.parts(value, 0)
		}
	}
	if v.Kind == result.KindList && len(d.Parts) != len(v.Items) {
		d.Parts = make([]widgets.Detail, len(v.Items))
	}
	for i, item := range v.Items { // as the table shows them
		d.Parts[i].Text = item
	}
	return d
}

// unfolding makes parts of decoded values.
type unfolding struct{ left int } // parts that are still made

// parts are those of a value; none of one that is a text, a number or the like.
func (u *unfolding) parts(v clixml.Value, level int) []widgets.Detail {
	o, is := v.(*clixml.Object)
	if !is || o == nil || o.IsEnum() || level == unfoldedLevels {
		return nil
	}
	var all []widgets.Detail
	add := func(name string, v clixml.Value) {
		if u.left > 0 {
			u.left--
			all = append(all, widgets.Detail{Name: name, Text: clixml.Display(v), Null: v == nil, Parts: u.parts(v, level+1)})
		}
	}
	for _, item := range o.Items {
		add("", item)
	}
	for _, entry := range o.Entries {
		add(clixml.Display(entry.Key), entry.Value)
	}
	if o.Kind != clixml.None { // what a collection says of itself, such as its length, is to be seen
		return all
	}
	if wrapped, deeper := o.Base.(*clixml.Object); deeper {
		all = u.parts(wrapped, level+1)
	}
	seen := map[string]bool{}
	for _, list := range [][]clixml.Property{o.Extended, o.Adapted} { // the first hide the others
		for _, p := range list {
			if !seen[p.Name] {
				seen[p.Name] = true
				add(p.Name, p.Value)
			}
		}
	}
	return all
}
