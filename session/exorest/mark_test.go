package exorest_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"strings"
	"testing"

	"postroom/session/exorest"
)

// An answer that begins with a byte order mark is read as one without: the module file,
// rows and errors, with gzip and without.
func TestAByteOrderMarkIsLeftOut(t *testing.T) {
	rows, refused := readSample(t, "rows-tri-state.json").Response, readSample(t, "error-exists-json.json").Response
	marked := func(r sampleResponse, zipped bool) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			body := append([]byte("\uFEFF"), r.Body...)
			if zipped {
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, _ = z.Write(body)
				_ = z.Close()
				body = b.Bytes()
				w.Header().Set("Content-Encoding", "gzip")
			}
			w.WriteHeader(r.Status)
			_, _ = w.Write(body)
		}
	}
	for _, zipped := range []bool{false, true} {
		answer := marked(rows, zipped)
		w := newWorld(t, func(w http.ResponseWriter, r sent) {
			if strings.Contains(r.uri, "EXOModuleFile") {
				marked(moduleOf(), zipped)(w)
				return
			}
			answer(w)
		})
		conn, got := w.dial(&tokens{tenant: tenant}), newHeard()
		if err := conn.Run(t.Context(), call("Get-Mailbox"), got); err != nil || got.rows() == 0 {
			t.Errorf("zipped %v: %d rows, %v", zipped, got.rows(), err)
		}
		answer = marked(refused, zipped)
		err := conn.Run(t.Context(), call("Set-Mailbox", "Identity", "all", "Confirm", false), newHeard())
		if told, is := errors.AsType[*exorest.CmdletError](err); !is || !strings.HasSuffix(told.Class, "ADObjectAlreadyExistsException") {
			t.Errorf("zipped %v: %v", zipped, err)
		}
	}
}
