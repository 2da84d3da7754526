package clixml

import "strconv"

// What the tests of this package need to reach; nothing of it is in the build.

// AppendDocument writes the values as a document with an enclosing Objs
// element, without white space. References reach over all of them. Errors are
// those of [Append].
func AppendDocument(dst []byte, values ...Value) ([]byte, error) {
	e := newEncoder()
	e.out = append(dst, `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">`...)
	for i, v := range values {
		if err := e.value(label{}, v); err != nil {
			return dst, err.at("[" + strconv.Itoa(i) + "]")
		}
	}
	return append(e.out, "</Objs>"...), nil
}
