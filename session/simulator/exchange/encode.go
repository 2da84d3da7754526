package exchange

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"postroom/session/clixml"
)

// Row is a row of a cmdlet's output. It is valid until the call that gives it
// returns.
type Row struct {
	view   *view
	record *record
}

// Origin are the properties by which a client's side says where objects came
// from: the server's name and the runspace.
func Origin(server string, runspace clixml.GUID) []clixml.Property {
	return []clixml.Property{{Name: "PSComputerName", Value: server}, {Name: "RunspaceId", Value: runspace}, {Name: "PSShowComputerName", Value: false}}
}

// AppendCLIXML writes the row as remoting does at depth 1 (MS-PSRP 2.2.5.2;
// recordings of PowerShell), with the few values that Exchange's
// servers serialize deeper. origin is what [Origin] made.
func (r Row) AppendCLIXML(dst []byte, origin []clixml.Property) ([]byte, error) {
	r.record.listed = 0
	o := &clixml.Object{Types: r.view.types}
	properties := r.record.sent[:0]
	for _, c := range r.view.columns {
		properties = append(properties, clixml.Property{Name: c.name, Value: r.record.wire(c, r.record.cell(c.from))})
	}
	r.record.sent = properties
	if r.view.name < 0 { // made by Select-Object
		o.Extended = properties
		return clixml.Append(dst, o)
	}
	o.ToString, o.HasToString, o.Adapted = display(r.record.cell(r.view.name)), true, properties
	o.Extended = append(append(r.record.extended[:0], origin...), clixml.Property{Name: "SerializationData", Value: serialized(r.view.types[0], o.ToString)})
	r.record.extended = o.Extended
	return clixml.Append(dst, o)
}

// wire is a value of a column as remoting sends it. A list lasts until the next
// row.
func (r *record) wire(c viewColumn, v any) clixml.Value {
	switch v := v.(type) {
	case []string:
		o := r.list()
		before := o.Items
		o.Types, o.Items = c.listTypes, o.Items[:0]
		for i, item := range v {
			if i < len(before) && before[i] == item { // as rows often have
				o.Items = o.Items[:i+1]
				continue
			}
			o.Items = append(o.Items, item)
		}
		return o
	case quota:
		o := &clixml.Object{Types: sizeTypes, ToString: v.String(), Adapted: []clixml.Property{{Name: "IsUnlimited", Value: int64(v) == unlimited}}}
		if int64(v) != unlimited {
			o.Adapted = append(o.Adapted, clixml.Property{Name: "Value", Value: v.String()})
		}
		o.Extended = []clixml.Property{{Name: "SerializationData", Value: serialized(sizeTypes[0], "")}}
		return o
	case clixml.Duration:
		if !c.short {
			return enhanced(v)
		}
	}
	return v
}

// Types of the values that Exchange serializes deeper.
var (
	sizeTypes = []string{"Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize" + exchangeData + "]]", "System.ValueType", "System.Object"}
	spanTypes = []string{"Microsoft.Exchange.Data.EnhancedTimeSpan", "System.ValueType", "System.Object"}
)

// enhanced is a span as an EnhancedTimeSpan.
func enhanced(d clixml.Duration) *clixml.Object {
	seconds := int64(d) / ticksPerSecond
	return &clixml.Object{
		Types: spanTypes, ToString: d.String(),
		Adapted: []clixml.Property{
			{Name: "Days", Value: int32(seconds / 86_400)},
			{Name: "Hours", Value: int32(seconds / 3600 % 24)},
			{Name: "Milliseconds", Value: int32(int64(d) / 10_000 % 1000)},
			{Name: "Minutes", Value: int32(seconds / 60 % 60)},
			{Name: "Seconds", Value: int32(seconds % 60)},
			{Name: "Ticks", Value: int64(d)},
			{Name: "TotalDays", Value: float64(d) / (86_400 * ticksPerSecond)},
			{Name: "TotalHours", Value: float64(d) / (3600 * ticksPerSecond)},
			{Name: "TotalMilliseconds", Value: float64(d) / 10_000},
			{Name: "TotalMinutes", Value: float64(d) / (60 * ticksPerSecond)},
			{Name: "TotalSeconds", Value: float64(d) / ticksPerSecond},
			{Name: "Sign", Value: int32(min(d, 1))},
		},
		Extended: []clixml.Property{{Name: "SerializationData", Value: serialized(spanTypes[0], "")}},
	}
}

// serialized is a SerializationData: the object written by .NET's
// BinaryFormatter, as far as the name of its type, and some bytes that the name
// of an object makes its own.
func serialized(typeName, name string) []byte {
	assembly := strings.TrimPrefix(exchangeData, ", ")
	room := 0
	if name != "" {
		room = 16
	}
	b := []byte{0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0, 0x0C, 2, 0, 0, 0, byte(len(assembly))}
	b = append(b, assembly...)
	b = append(b, 5, 1, 0, 0, 0, byte(min(len(typeName), 127)))
	b = append(b, typeName[:min(len(typeName), 127)]...)
	b = append(b, 1, 0, 0, 0, 5, '_', 'd', 'a', 't', 'a', 7, 2, 2, 0, 0, 0, 9, 3, 0, 0, 0, 0x0F, 3, 0, 0, 0, byte(room))
	for len(b)%3 != 0 {
		b = append(b, 0)
	}
	if name == "" {
		return b
	}
	sum := hash(name)
	b = binary.LittleEndian.AppendUint64(b, sum)
	b = binary.LittleEndian.AppendUint64(b, scramble(sum))
	return append(b, 0x0B)
}

// AppendJSON writes the row as the REST door does: whole numbers, GUIDs, times
// and lists with the annotations that say what they are, in front of them, all
// else bare. Only the properties that columns names are written, letter case
// aside; no columns means all.
func (r Row) AppendJSON(dst []byte, columns []string) []byte {
	dst = append(dst, '{')
	for _, c := range r.view.columns {
		if len(columns) > 0 && !slices.ContainsFunc(columns, func(name string) bool { return strings.EqualFold(name, c.name) }) {
			continue
		}
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, c.name, r.record.cell(c.from))
	}
	return append(dst, '}')
}

func appendJSON(dst []byte, name string, v any) []byte {
	annotate := func(of, text string) {
		dst = append(append(append(append(append(append(dst, '"'), name...), '@'), of...), `":"`...), text...)
		dst = append(dst, `",`...)
	}
	switch t := v.(type) {
	case int32:
		annotate("data.type", "System.Int32")
	case int64:
		annotate("data.type", "System.Int64")
		annotate("odata.type", "#Int64")
	case uint16:
		annotate("data.type", "System.UInt16")
		annotate("odata.type", "#Decimal")
	case uint32:
		annotate("data.type", "System.UInt32")
		annotate("odata.type", "#Int64")
	case clixml.GUID:
		annotate("data.type", "System.Guid")
		annotate("odata.type", "#Guid")
		v = t.String()
	case clixml.DateTime:
		if t.Kind != clixml.Unspecified {
			annotate("data.type", "System.DateTime")
		}
		v = t.Time().UTC().Format("2006-01-02T15:04:05.0000000") + map[clixml.DateTimeKind]string{clixml.UTC: "Z", clixml.Local: "+00:00"}[t.Kind]
	case []string:
		annotate("odata.type", "#Collection(String)")
	case clixml.Duration, quota:
		v = display(v)
	}
	return appendJSONValue(append(append(append(dst, '"'), name...), `":`...), v)
}

// appendJSONValue writes a value without an annotation.
func appendJSONValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int32:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case string:
		if !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) { // needs no escape
			return append(append(append(dst, '"'), v...), '"')
		}
	case []string:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSONValue(dst, item)
		}
		return append(dst, ']')
	}
	return append(dst, jsonText(v)...)
}

// jsonEscapes are what the service escapes and encoding/json does not: section
// signs, which Exchange puts between the parts of settings, and DEL.
var jsonEscapes = strings.NewReplacer("§", `\u00a7`, "\x7f", `\u007f`)

// jsonText is any value as the service writes it: markup stands as it is.
func jsonText(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // a cell holds nothing that JSON does not have
	}
	return jsonEscapes.Replace(strings.TrimSuffix(b.String(), "\n"))
}
