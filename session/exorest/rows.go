package exorest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"strconv"

	"postroom/session/result"
)

// form is what an annotation says that a value is.
type form uint8

const (
	formBare form = iota // no annotation
	formText
	formWhole   // a signed whole number
	formCounted // an unsigned one
	formFraction
	formTime
	formSpan
	formBytes
)

// rowReader hands the objects of an answer to a sink as rows. An annotation stands before
// the property that it is about and makes no column. About half of its methods are the
// scanner's, which reads the answer's JSON.
type rowReader struct {
	*scanner
	to      result.Appender
	rows    int
	most    int // rows that are wanted; 0 means all
	dropped int // rows beyond those

	about []byte // the property that the annotation is about
	form  form

	column []byte // scratch of one cell
	items  [][]byte
	ends   []int
	arena  []byte
}

// valueColumn is the column of what is no object.
var valueColumn = []byte("Value")

// full says that no more rows are wanted.
func (r *rowReader) full() bool { return r.most > 0 && r.rows >= r.most }

// list hands on each element of value, which is an array, one object, or null.
func (r *rowReader) list() error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	switch c {
	case 'n':
		return r.word("null")
	case '[':
	default:
		return r.row()
	}
	if err := r.enter('['); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := r.next(first, ']')
		if err != nil || !more {
			return err
		}
		if err := r.row(); err != nil {
			return err
		}
	}
}

// row hands one element on; a null is none. Beyond what is wanted, it is read
// and dropped.
func (r *rowReader) row() error {
	c, err := r.peek()
	switch {
	case err != nil:
		return err
	case c == 'n':
		return r.word("null")
	case r.full():
		r.dropped++
		return r.skip()
	}
	r.to.BeginRow()
	if c != '{' {
		if err := r.value(valueColumn); err != nil {
			return err
		}
		return r.endRow()
	}
	if err := r.enter('{'); err != nil {
		return err
	}
	r.about, r.form = r.about[:0], formBare
	for first := true; ; first = false {
		name, more, err := r.member(first)
		switch {
		case err != nil:
			return err
		case !more:
			return r.endRow()
		}
		if property, what, is := annotation(name); is {
			if !bytes.Equal(r.about, property) {
				r.about, r.form = append(r.about[:0], property...), formBare
			}
			err = r.annotate(what)
		} else if string(name) == clixmlProperty {
			return r.document()
		} else {
			err = r.value(name)
		}
		if err != nil {
			return err
		}
	}
}

func (r *rowReader) endRow() error {
	if err := r.to.EndRow(); err != nil {
		return &sinkError{fmt.Errorf("keep row %d: %w", r.rows+1, err)}
	}
	r.rows++
	return nil
}

// sinkError is what whoever takes the rows said: no answer is at fault.
type sinkError struct{ error }

// Unwrap gives it.
func (e *sinkError) Unwrap() error { return e.error }

// annotation takes Name@data.type and the like apart. A property whose own name
// has an @ in it is none.
func annotation(name []byte) (property, what []byte, is bool) {
	at := bytes.IndexByte(name, '@')
	if at < 0 {
		return nil, nil, false
	}
	property, what = name[:at], name[at+1:]
	for _, prefix := range []string{"data.", "odata.", "adminapi."} {
		if bytes.HasPrefix(what, []byte(prefix)) {
			return property, what, true
		}
	}
	return nil, nil, false
}

// annotate keeps what an annotation says for the property that follows. What
// data.type says counts more than odata.type: a UInt16 is called a #Decimal.
func (r *rowReader) annotate(what []byte) error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	sure := string(what) == "data.type"
	if c != '"' || !sure && string(what) != "odata.type" {
		return r.skip()
	}
	text, err := r.string()
	if err != nil {
		return err
	}
	if f := formOf(text); f != formBare && (sure || r.form == formBare) {
		r.form = f
	}
	return nil
}

// formOf reads System.Int32, #Int16, Edm.Guid and the like; formBare for what is
// not known, which goes by its form in JSON.
func formOf(typeName []byte) form {
	for _, prefix := range []string{"#", "System.", "Edm.", "Microsoft.Exchange.Data."} {
		typeName = bytes.TrimPrefix(typeName, []byte(prefix))
	}
	switch string(typeName) {
	case "DateTime", "DateTimeOffset", "ExDateTime":
		return formTime
	case "Int16", "Int32", "Int64", "SByte":
		return formWhole
	case "UInt16", "UInt32", "UInt64", "Byte":
		return formCounted
	case "Decimal", "Double", "Single":
		return formFraction
	case "TimeSpan", "EnhancedTimeSpan", "Duration":
		return formSpan
	case "Byte[]", "Binary":
		return formBytes
	case "Guid", "String":
		return formText
	}
	return formBare
}

// taken gives the annotation of a property, and forgets it.
func (r *rowReader) taken(name []byte) form {
	f := r.form
	r.form = formBare
	if f != formBare && !bytes.Equal(r.about, name) {
		return formBare
	}
	return f
}

// value hands one cell on. name is a borrowed member's name.
func (r *rowReader) value(name []byte) error {
	f := r.taken(name)
	r.held = 0
	c, err := r.peek()
	if err != nil {
		return err
	}
	switch c {
	case '"':
		var text []byte
		if text, err = r.string(); err == nil {
			r.textCell(name, text, f)
		}
		return err
	case 't', 'f':
		var yes bool
		if yes, err = r.bool(c); err == nil {
			r.to.Bool(name, yes)
		}
		return err
	case 'n':
		r.to.Null(name)
		return r.word("null")
	case '[':
		return r.listCell(name)
	case '{':
		r.column = append(r.column[:0], name...)
		v, treeErr := r.tree()
		if treeErr != nil {
			return treeErr
		}
		return r.nestedCell(r.column, v)
	}
	text, err := r.number()
	if err != nil {
		return err
	}
	r.numberCell(name, text, f)
	return nil
}

// textCell hands on what came as a text.
func (r *rowReader) textCell(name, text []byte, f form) {
	switch f {
	case formTime:
		if t, ok := parseTime(text); ok {
			r.to.Time(name, t)
			return
		}
	case formSpan:
		if ticks, ok := parseSpan(text); ok {
			r.to.Duration(name, ticks)
			return
		}
	case formWhole, formCounted, formFraction: // IEEE754Compatible=true writes them so
		if isNumber(text) {
			r.numberCell(name, text, f)
			return
		}
	case formBytes:
		if b, err := base64.StdEncoding.AppendDecode(nil, text); err == nil {
			r.to.Bytes(name, b)
			return
		}
	case formBare:
		if r.bareCell(name, text) {
			return
		}
	case formText:
	}
	r.to.Text(name, text)
}

// bareCell hands on what its form alone tells from a text: the service's own form
// of a time without a zone, and a length of time where the property holds one.
// What a size or Unlimited means is known to package result.
func (r *rowReader) bareCell(name, text []byte) bool {
	if len(text) == len(clockForm)+len(".0000000") && text[len(clockForm)] == '.' {
		t, ok := parseTime(text)
		if ok {
			r.to.Time(name, t)
		}
		return ok
	}
	if looksLikeSpan(text) && isSpanProperty(name) {
		ticks, ok := parseSpan(text)
		if ok {
			r.to.Duration(name, ticks)
		}
		return ok
	}
	return false
}

// exactDigits is how many digits a binary number keeps, whichever they are.
const exactDigits = 15

// numberCell hands on a number, whole where it is written so.
func (r *rowReader) numberCell(name, text []byte, f form) {
	if whole := !bytes.ContainsAny(text, ".eE"); whole && f != formFraction {
		if n, ok := parseWhole(text); ok {
			if f == formCounted && n >= 0 {
				r.to.Uint(name, uint64(n))
			} else {
				r.to.Int(name, n)
			}
			return
		}
		if n, err := strconv.ParseUint(string(text), 10, 64); err == nil {
			r.to.Uint(name, n)
			return
		}
		r.to.Decimal(name, text)
		return
	}
	v, err := strconv.ParseFloat(string(text), 64)
	digits := len(text) - bytes.Count(text, []byte(".")) - bytes.Count(text, []byte("-"))
	if err != nil || digits > exactDigits && !bytes.ContainsAny(text, "eE") {
		r.to.Decimal(name, text)
		return
	}
	r.to.Float(name, v)
}

// parseWhole reads a whole number that fits into 64 bits.
func parseWhole(text []byte) (n int64, ok bool) {
	digits, negative := bytes.CutPrefix(text, []byte("-"))
	if len(digits) > 19 {
		return 0, false
	}
	var v uint64
	for _, c := range digits {
		v = v*10 + uint64(c-'0')
	}
	switch {
	case negative && v <= -math.MinInt64:
		return int64(-v), true
	case !negative && v <= math.MaxInt64:
		return int64(v), true
	}
	return 0, false
}

// listCell hands an array on: what its items display. Of texts and numbers that
// is all there is; objects come as CLIXML as well, as other doors have them.
func (r *rowReader) listCell(name []byte) error {
	if err := r.enter('['); err != nil {
		return err
	}
	r.arena, r.ends, r.items = r.arena[:0], r.ends[:0], r.items[:0]
	for first := true; ; first = false {
		more, err := r.next(first, ']')
		switch {
		case err != nil:
			return err
		case !more:
			from := 0
			for _, end := range r.ends {
				r.items = append(r.items, r.arena[from:end:end])
				from = end
			}
			r.to.List(name, r.items, nil)
			return nil
		}
		plain, err := r.item()
		if err != nil {
			return err
		}
		if !plain {
			return r.objects(name)
		}
	}
}

// item keeps the text of a list's item; false for an object or a list.
func (r *rowReader) item() (plain bool, err error) {
	c, err := r.peek()
	if err == nil {
		err = r.hold()
	}
	if err != nil {
		return false, err
	}
	var text []byte
	switch c {
	case '{', '[':
		return false, nil
	case '"':
		text, err = r.string()
	case 't', 'f':
		var yes bool
		yes, err = r.bool(c)
		text = []byte(map[bool]string{true: "True", false: "False"}[yes])
	case 'n':
		err = r.word("null")
	default:
		text, err = r.number()
	}
	r.arena = append(r.arena, text...)
	r.ends = append(r.ends, len(r.arena))
	return true, err
}

// objects goes on with a list in which an object has come.
func (r *rowReader) objects(name []byte) error {
	r.column = append(r.column[:0], name...)
	list := newList()
	from := 0
	for _, end := range r.ends {
		list.Items = append(list.Items, string(r.arena[from:end]))
		from = end
	}
	for {
		v, err := r.tree()
		if err != nil {
			return err
		}
		list.Items = append(list.Items, v)
		more, err := r.next(false, ']')
		if err != nil {
			return err
		}
		if !more {
			return r.nestedCell(r.column, list)
		}
	}
}
