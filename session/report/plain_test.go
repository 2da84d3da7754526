package report_test

import (
	"strings"
	"testing"
)

// TestPlainIsWhatThePageSays: of a page only its words are left, of anything else nothing is
// taken away.
func TestPlainIsWhatThePageSays(t *testing.T) {
	for source, want := range map[string]string{
		"<html>\r\n<body>\r\nBin ab 24.8. wieder da; &quot;dringend&quot; an empfang@contoso.com\r\n</body>\r\n</html>\r\n": `Bin ab 24.8. wieder da; "dringend" an empfang@contoso.com`,
		"<html><head><style>p { color: red }</style><title>Away</title></head><body><p>One</p><p>Two</p></body></html>":     "One Two",
		"<p>pre<b>fix</b>ed</p>":                 "prefixed",
		"One<br>Two<br/>Three":                   "One Two Three",
		"<p>a &lt; b &amp;&amp; c</p>":           "a < b && c",
		"<p>open<!-- a secret note --> to all":   "open to all",
		"<script>alert(1)</script>Gone<hr>":      "Gone",
		"a < b && c > d, see <ada@contoso.com>":  "a < b && c > d, see <ada@contoso.com>",
		"Plain text\r\nof  two lines &amp; more": "Plain text\r\nof  two lines &amp; more",
		"":                                       "",
		"<p></p>":                                "",
		strings.Repeat("<div>", 5000) + "deep":   "deep",
	} {
		if got := one(t, "plain(A)", map[string]any{"A": source}); got != want {
			t.Errorf("plain(%.60q) is %q, want %q", source, got, want)
		}
	}
}
