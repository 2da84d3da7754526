package exorest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"postroom/session/cmdlet"
)

// tableType marks a hashtable, at every level: without it the service does not
// know what to make of one.
const (
	tableType = `"@odata.type":"#Exchange.GenericHashTable"`
	bytesType = `"@odata.type":"#Exchange.ByteArrayType"`
	sentTime  = "2006-01-02T15:04:05.0000000Z"
)

var errCredential = errors.New("a user name with its password cannot be sent through this door")

// ValueError is an argument that cannot be sent. Nothing was.
type ValueError struct {
	Cmdlet, Parameter string
	Err               error
}

// Error names cmdlet and parameter.
func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: parameter %s: %v", e.Cmdlet, e.Parameter, e.Err)
}

// CannotSend names cmdlet and parameter; credential says that it is a user name with a
// password.
func (e *ValueError) CannotSend() (cmdletName, parameter string, credential bool) {
	return e.Cmdlet, e.Parameter, errors.Is(e.Err, errCredential)
}

// Unwrap gives the reason.
func (e *ValueError) Unwrap() error { return e.Err }

// writer writes the body of a request.
type writer struct {
	out []byte
	// seal encrypts a secret; nil hides it, for whoever looks at what is sent.
	seal func(string) (string, error)
}

// hidden stands for a secret in what is traced.
const hidden = "[hidden]"

// input writes a CmdletInput. Names that skip tells stay out: they do not travel
// as parameters.
func (w *writer) input(i cmdlet.Invocation, skip func(name string) bool) error {
	w.out = append(w.out, `{"CmdletInput":{"CmdletName":`...)
	w.text(i.Cmdlet)
	w.out = append(w.out, `,"Parameters":{`...)
	first := true
	for _, a := range i.Args {
		if skip(a.Name) {
			continue
		}
		if !first {
			w.out = append(w.out, ',')
		}
		first = false
		if err := w.argument(a); err != nil {
			return &ValueError{Cmdlet: i.Cmdlet, Parameter: a.Name, Err: err}
		}
	}
	w.out = append(w.out, "}}}"...)
	return nil
}

// filters are the parameters whose text is a filter, in which the service does
// not know $true and $false.
func filters() []string {
	return []string{"filter", "recipientfilter", "recipientpreviewfilter"}
}

var filterWords = strings.NewReplacer("$true", "'True'", "$false", "'False'", "$True", "'True'", "$False", "'False'", "$TRUE", "'True'", "$FALSE", "'False'")

// argument writes a parameter with the annotation that its value needs.
func (w *writer) argument(a cmdlet.Arg) error {
	v := a.Value
	if text, ok := v.(string); ok && slices.Contains(filters(), strings.ToLower(a.Name)) {
		v = filterWords.Replace(text)
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		switch list[0].(type) {
		case map[string]any:
			w.annotation(a.Name, "#Collection(Exchange.GenericHashTable)")
		case []byte:
			w.annotation(a.Name, "#Collection(Exchange.ByteArrayType)")
			w.name(a.Name)
			return w.files(list)
		}
	}
	w.name(a.Name)
	return w.value(v)
}

func (w *writer) annotation(name, text string) {
	w.name(name + "@odata.type")
	w.text(text)
	w.out = append(w.out, ',')
}

func (w *writer) name(name string) {
	w.text(name)
	w.out = append(w.out, ':')
}

func (w *writer) text(text string) {
	b, err := json.Marshal(text)
	if err != nil { // texts always can be written
		b = []byte(`""`)
	}
	w.out = append(w.out, b...)
}

//nolint:gocyclo // one table
func (w *writer) value(v any) error {
	switch v := v.(type) {
	case nil:
		w.out = append(w.out, "null"...)
	case string:
		if !utf8.ValidString(v) {
			return errors.New("the text is not UTF-8")
		}
		w.text(v)
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	case cmdlet.Switch:
		w.out = strconv.AppendBool(w.out, bool(v))
	case int:
		w.out = strconv.AppendInt(w.out, int64(v), 10)
	case int64:
		w.out = strconv.AppendInt(w.out, v, 10)
	case uint64:
		w.out = strconv.AppendUint(w.out, v, 10)
	case float64:
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		w.out = append(w.out, b...)
	case time.Time:
		w.text(v.UTC().Format(sentTime))
	case time.Duration:
		w.text(spanText(v))
	case []string:
		return writeList(w, v)
	case []any:
		return writeList(w, v)
	case map[string]any:
		return w.table(v)
	case []byte:
		w.out = append(w.out, '{')
		w.out = append(w.out, bytesType...)
		w.out = append(w.out, `,"Data":`...)
		w.numbers(v)
		w.out = append(w.out, '}')
	case cmdlet.PSCredential:
		return errCredential
	case cmdlet.Secret:
		if w.seal == nil {
			w.text(hidden)
			return nil
		}
		sealed, err := w.seal(v.Reveal())
		if err != nil {
			return err
		}
		w.text(sealed)
	default:
		return fmt.Errorf("a value of type %T cannot be sent", v)
	}
	return nil
}

func writeList[T any](w *writer, list []T) error {
	w.out = append(w.out, '[')
	for i, item := range list {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.value(item); err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	w.out = append(w.out, ']')
	return nil
}

// files writes a list of binary values, which name their type once for all.
func (w *writer) files(list []any) error {
	w.out = append(w.out, '[')
	for i, item := range list {
		b, ok := item.([]byte)
		if !ok {
			return fmt.Errorf("item %d: binary data beside a value of type %T", i+1, item)
		}
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, `{"Data":`...)
		w.numbers(b)
		w.out = append(w.out, '}')
	}
	w.out = append(w.out, ']')
	return nil
}

func (w *writer) numbers(b []byte) {
	w.out = append(w.out, '[')
	for i, c := range b {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = strconv.AppendUint(w.out, uint64(c), 10)
	}
	w.out = append(w.out, ']')
}

// table writes a hashtable. An empty one empties the list that it is for.
func (w *writer) table(m map[string]any) error {
	w.out = append(append(w.out, '{'), tableType...)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		w.out = append(w.out, ',')
		if err := w.argument(cmdlet.Arg{Name: key, Value: m[key]}); err != nil {
			return fmt.Errorf("key %q: %w", key, err)
		}
	}
	w.out = append(w.out, '}')
	return nil
}

// spanText writes .NET's constant form: [-][d.]hh:mm:ss[.fffffff].
func spanText(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	days := ""
	if n := d / (24 * time.Hour); n > 0 {
		days = strconv.FormatInt(int64(n), 10) + "."
		d %= 24 * time.Hour
	}
	text := fmt.Sprintf("%s%s%02d:%02d:%02d", sign, days, d/time.Hour, d/time.Minute%60, d/time.Second%60)
	if ticks := d % time.Second / 100; ticks > 0 {
		text += fmt.Sprintf(".%07d", ticks)
	}
	return text
}

// sealWith encrypts secrets by RSA, PKCS #1 v1.5, as the service asks for
// parameters of type SecureString.
func sealWith(key *rsa.PublicKey) func(string) (string, error) {
	return func(plain string) (string, error) {
		if key == nil {
			return "", errNoKey
		}
		//lint:ignore SA1019 the service takes secrets in this form and no other
		b, err := rsa.EncryptPKCS1v15(rand.Reader, key, []byte(plain))
		if err != nil {
			return "", fmt.Errorf("encrypt a secret: %w", err)
		}
		return base64.StdEncoding.EncodeToString(b), nil
	}
}

var errNoKey = errors.New("the module file has no key by which a secret could be sent")

// hasSecret says that a call has a value which the module file's key is for.
func hasSecret(i cmdlet.Invocation) bool {
	return slices.ContainsFunc(i.Args, func(a cmdlet.Arg) bool { return secretIn(a.Value) })
}

func secretIn(v any) bool {
	switch v := v.(type) {
	case cmdlet.Secret:
		return true
	case []any:
		return slices.ContainsFunc(v, secretIn)
	case map[string]any:
		for _, item := range v {
			if secretIn(item) {
				return true
			}
		}
	}
	return false
}
