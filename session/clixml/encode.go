package clixml

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"sync"
)

// Append writes v to dst as PowerShell writes it on the wire: no declaration,
// no Objs element, no white space, no byte order mark. An *[Object] that
// occurs twice is written as Obj and Ref, a list of type names that occurs
// twice as TN and TNRef; the ids start at 0. The error is an *[EncodeError];
// dst is then returned as it was.
func Append(dst []byte, v Value) ([]byte, error) {
	e := encoders.Get().(*encoder) //nolint:errcheck,forcetypeassert // nothing else is put there
	defer e.release()
	e.out = dst
	if err := e.value(label{}, v); err != nil {
		return dst, err.at("")
	}
	return e.out, nil
}

// encoders are kept with the maps that they have, as rows are many and alike.
var encoders = sync.Pool{New: func() any { return newEncoder() }}

func newEncoder() *encoder { return &encoder{objects: map[*Object]int{}, types: map[string]int{}} }

// largestKept is how many objects or types an encoder may have met that is used
// again: to empty a map takes as long as it was large.
const largestKept = 256

func (e *encoder) release() {
	if len(e.objects) > largestKept || len(e.types) > largestKept {
		return
	}
	clear(e.objects)
	clear(e.types)
	e.out, e.depth = nil, 0
	encoders.Put(e)
}

type encoder struct {
	out     []byte
	objects map[*Object]int
	types   map[string]int
	names   []byte // of the type that is looked for
	depth   int
}

func encodeErrorf(format string, args ...any) *EncodeError {
	return &EncodeError{Reason: fmt.Sprintf(format, args...)}
}

// at puts a step before the path of an error on its way up.
func (e *EncodeError) at(step string) *EncodeError {
	switch {
	case step == "":
	case e.Path == "" || e.Path[0] == '[':
		e.Path = step + e.Path
	default:
		e.Path = step + "." + e.Path
	}
	return e
}

// label is the N attribute of an element, if it has one.
type label struct {
	name string
	has  bool
}

func named(name string) label { return label{name: name, has: true} }

// open writes a start tag up to the place where '>' or more attributes go.
func (e *encoder) open(tag string, n label) *EncodeError {
	e.out = append(append(e.out, '<'), tag...)
	if !n.has {
		return nil
	}
	e.out = append(e.out, ` N="`...)
	if err := e.text(n.name, true); err != nil {
		return err
	}
	e.out = append(e.out, '"')
	return nil
}

func (e *encoder) text(s string, attribute bool) *EncodeError {
	out, ok := appendText(e.out, s, attribute)
	if !ok {
		return encodeErrorf("text is neither UTF-8 nor WTF-8")
	}
	e.out = out
	return nil
}

func (e *encoder) close(tag string) {
	e.out = append(append(append(e.out, "</"...), tag...), '>')
}

// leaf writes an element with text.
func (e *encoder) leaf(tag string, n label, s string) *EncodeError {
	if err := e.open(tag, n); err != nil {
		return err
	}
	e.out = append(e.out, '>')
	if err := e.text(s, false); err != nil {
		return err
	}
	e.close(tag)
	return nil
}

// short is leaf where PowerShell writes <X /> for the empty text.
func (e *encoder) short(tag string, s string) *EncodeError {
	if s == "" {
		e.out = append(append(append(e.out, '<'), tag...), " />"...)
		return nil
	}
	return e.leaf(tag, label{}, s)
}

// raw writes an element with text that needs no escaping.
func (e *encoder) raw(tag string, n label, write func([]byte) []byte) *EncodeError {
	if err := e.open(tag, n); err != nil {
		return err
	}
	e.out = write(append(e.out, '>'))
	e.close(tag)
	return nil
}

func (e *encoder) integer(tag string, n label, i int64) *EncodeError {
	return e.raw(tag, n, func(b []byte) []byte { return strconv.AppendInt(b, i, 10) })
}

func (e *encoder) natural(tag string, n label, u uint64) *EncodeError {
	return e.raw(tag, n, func(b []byte) []byte { return strconv.AppendUint(b, u, 10) })
}

func (e *encoder) empty(tag string, n label) *EncodeError {
	if err := e.open(tag, n); err != nil {
		return err
	}
	e.out = append(e.out, " />"...)
	return nil
}

//nolint:gocyclo // one table
func (e *encoder) value(n label, v Value) *EncodeError {
	switch v := v.(type) {
	case nil:
		return e.empty("Nil", n)
	case string:
		return e.leaf("S", n, v)
	case *Object:
		return e.object(n, v)
	case bool:
		return e.raw("B", n, func(b []byte) []byte { return strconv.AppendBool(b, v) })
	case int8:
		return e.integer("SB", n, int64(v))
	case int16:
		return e.integer("I16", n, int64(v))
	case int32:
		return e.integer("I32", n, int64(v))
	case int64:
		return e.integer("I64", n, v)
	case uint8:
		return e.natural("By", n, uint64(v))
	case uint16:
		return e.natural("U16", n, uint64(v))
	case uint32:
		return e.natural("U32", n, uint64(v))
	case uint64:
		return e.natural("U64", n, v)
	case Char:
		return e.natural("C", n, uint64(v))
	case float32:
		return e.raw("Sg", n, func(b []byte) []byte { return appendFloat(b, float64(v), 32) })
	case float64:
		return e.raw("Db", n, func(b []byte) []byte { return appendFloat(b, v, 64) })
	case Decimal:
		if !isDecimal([]byte(v)) {
			return encodeErrorf("%q is not a decimal", string(v))
		}
		return e.leaf("D", n, string(v))
	case DateTime:
		if v.Ticks < 0 || v.Ticks > maxTicks || v.OffsetMinutes < -14*60 || v.OffsetMinutes > 14*60 || v.Kind > Local {
			return encodeErrorf("date and time out of range: %d ticks, kind %d, offset %d", v.Ticks, v.Kind, v.OffsetMinutes)
		}
		return e.raw("DT", n, v.append)
	case Duration:
		return e.raw("TS", n, v.append)
	case []byte:
		if len(v) == 0 {
			return e.empty("BA", n)
		}
		return e.raw("BA", n, func(b []byte) []byte { return base64.StdEncoding.AppendEncode(b, v) })
	case GUID:
		return e.raw("G", n, v.append)
	case URI:
		return e.leaf("URI", n, string(v))
	case Version:
		return e.leaf("Version", n, string(v))
	case XML:
		return e.leaf("XD", n, string(v))
	case ScriptBlock:
		return e.leaf("SBK", n, string(v))
	case SecureString:
		return e.leaf("SS", n, string(v))
	case Progress:
		return e.progress(n, v)
	case Unknown:
		return e.unknown(n, v)
	}
	return encodeErrorf("a Go %T has no form in CLIXML", v)
}

func (e *encoder) object(n label, o *Object) *EncodeError {
	if o == nil {
		return e.empty("Nil", n)
	}
	if id, ok := e.objects[o]; ok {
		if err := e.open("Ref", n); err != nil {
			return err
		}
		e.refID(id)
		e.out = append(e.out, " />"...)
		return nil
	}
	if e.depth++; e.depth > defaultDepth {
		return encodeErrorf("nested deeper than %d", defaultDepth)
	}
	defer func() { e.depth-- }()
	id := len(e.objects)
	e.objects[o] = id
	if err := e.open("Obj", n); err != nil {
		return err
	}
	e.refID(id)
	mark := len(e.out)
	e.out = append(e.out, '>')
	from := len(e.out)
	if err := e.parts(o); err != nil {
		return err
	}
	if len(e.out) == from {
		e.out = append(e.out[:mark], " />"...)
		return nil
	}
	e.close("Obj")
	return nil
}

func (e *encoder) refID(id int) {
	e.out = append(strconv.AppendInt(append(e.out, ` RefId="`...), int64(id), 10), '"')
}

// parts writes what stands inside of an Obj, in PowerShell's order.
func (e *encoder) parts(o *Object) *EncodeError {
	if o.Types != nil {
		if err := e.typeNames(o.Types); err != nil {
			return err
		}
	}
	if o.HasToString || o.ToString != "" {
		if err := e.short("ToString", o.ToString); err != nil {
			return err.at("ToString")
		}
	}
	if o.HasBase || o.Base != nil {
		if err := e.value(label{}, o.Base); err != nil {
			return err.at("Base")
		}
	}
	if err := e.collection(o); err != nil {
		return err
	}
	if err := e.properties("Props", o.Adapted); err != nil {
		return err
	}
	return e.properties("MS", o.Extended)
}

func (e *encoder) typeNames(types []string) *EncodeError {
	e.names = e.names[:0]
	for _, t := range types {
		e.names = append(append(e.names, t...), 0xFF) // a byte that no name can hold
	}
	if id, ok := e.types[string(e.names)]; ok {
		e.out = append(e.out, "<TNRef"...)
		e.refID(id)
		e.out = append(e.out, " />"...)
		return nil
	}
	id := len(e.types)
	e.types[string(e.names)] = id
	e.out = append(e.out, "<TN"...)
	e.refID(id)
	if len(types) == 0 {
		e.out = append(e.out, " />"...)
		return nil
	}
	e.out = append(e.out, '>')
	for _, t := range types {
		if err := e.short("T", t); err != nil {
			return err.at("Types")
		}
	}
	e.close("TN")
	return nil
}

func (e *encoder) properties(tag string, list []Property) *EncodeError {
	if list == nil {
		return nil
	}
	if len(list) == 0 {
		return e.empty(tag, label{})
	}
	e.out = append(append(append(e.out, '<'), tag...), '>')
	for _, p := range list {
		if err := e.value(named(p.Name), p.Value); err != nil {
			return err.at(p.Name)
		}
	}
	e.close(tag)
	return nil
}

func (e *encoder) collection(o *Object) *EncodeError {
	tag := o.Kind.String()
	switch {
	case o.Kind > Dictionary:
		return encodeErrorf("container kind %d", o.Kind)
	case o.Kind == None && len(o.Items)+len(o.Entries) > 0,
		o.Kind == Dictionary && len(o.Items) > 0,
		o.Kind != Dictionary && len(o.Entries) > 0:
		return encodeErrorf("items or entries that container %q cannot hold", tag)
	case o.Kind == None:
		return nil
	case len(o.Items)+len(o.Entries) == 0:
		return e.empty(tag, label{})
	}
	e.out = append(append(append(e.out, '<'), tag...), '>')
	for i, v := range o.Items {
		if err := e.value(label{}, v); err != nil {
			return err.at("[" + strconv.Itoa(i) + "]")
		}
	}
	for i, en := range o.Entries {
		e.out = append(e.out, "<En>"...)
		if err := e.value(named("Key"), en.Key); err != nil {
			return err.at("[key " + strconv.Itoa(i) + "]")
		}
		if err := e.value(named("Value"), en.Value); err != nil {
			return err.at("[" + strconv.Itoa(i) + "]")
		}
		e.out = append(e.out, "</En>"...)
	}
	e.close(tag)
	return nil
}

func (e *encoder) progress(n label, p Progress) *EncodeError {
	if err := e.open("PR", n); err != nil {
		return err
	}
	e.out = append(e.out, '>')
	if err := e.short("AV", p.Activity); err != nil {
		return err
	}
	if err := e.integer("AI", label{}, int64(p.ActivityID)); err != nil {
		return err
	}
	switch op := p.CurrentOperation.(type) {
	case nil, string:
		if err := e.value(label{}, op); err != nil {
			return err
		}
	default:
		return encodeErrorf("CurrentOperation is a %T, not nil or a string", op)
	}
	if err := e.integer("PI", label{}, int64(p.ParentActivityID)); err != nil {
		return err
	}
	if err := e.integer("PC", label{}, int64(p.PercentComplete)); err != nil {
		return err
	}
	if err := e.short("T", p.Type); err != nil {
		return err
	}
	if err := e.integer("SR", label{}, int64(p.SecondsRemaining)); err != nil {
		return err
	}
	if err := e.short("SD", p.Status); err != nil {
		return err
	}
	e.close("PR")
	return nil
}

// unknown writes an element that was read and not understood back as it was,
// after making sure that it is one element and nothing else.
func (e *encoder) unknown(n label, u Unknown) *EncodeError {
	var x lexer
	var root element
	if err := x.reset([]byte(u.Raw), Limits{}); err != nil {
		return encodeErrorf("unknown element: %v", err)
	}
	t, err := x.next(&root)
	if err == nil && t == tokenOpen {
		err = x.skip(&root)
	}
	switch {
	case err != nil:
		return encodeErrorf("unknown element: %v", err)
	case t != tokenOpen || root.start != 0 || x.pos != len(u.Raw):
		return encodeErrorf("unknown element: %q is not one element", u.Tag)
	case string(root.name) != u.Tag || root.tag.value() || root.hasN:
		return encodeErrorf("unknown element: %q does not fit its text", u.Tag)
	}
	if err := e.open(u.Tag, n); err != nil {
		return err
	}
	e.out = append(e.out, u.Raw[1+len(u.Tag):]...)
	return nil
}

func nan32() float32 { return math.Float32frombits(0xFFC00000) }
