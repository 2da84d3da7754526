package psrp_test

import (
	"testing"

	"postroom/session/psrp"
)

// TestTextsOfValues: what stands in a message's text is what PowerShell would
// show, whatever its type; nothing of Go, and nothing missing.
func TestTextsOfValues(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	id := p.start(psrp.PipelineOptions{}, call("X")).ID
	for i, c := range []struct{ xml, text string }{
		{`<S N="MessageData">plain</S>`, "plain"},
		{`<Nil N="MessageData" />`, ""},
		{`<B N="MessageData">true</B>`, "True"},
		{`<C N="MessageData">55357</C>`, "\xED\xA0\xBD"},
		{`<DT N="MessageData">2024-03-04T05:06:07.8Z</DT>`, "03/04/2024 05:06:07"},
		{`<TS N="MessageData">P1DT1H</TS>`, "1.01:00:00"},
		{`<Db N="MessageData">1E+20</Db>`, "1E+20"},
		{`<Db N="MessageData">-INF</Db>`, "-Infinity"},
		{`<D N="MessageData">1.50</D>`, "1.50"},
		{`<BA N="MessageData">AQI=</BA>`, "System.Byte[]"},
		{`<SS N="MessageData">AQI=</SS>`, "System.Security.SecureString"},
		{`<New N="MessageData"><In>x</In></New>`, "<New><In>x</In></New>"},
		{`<Obj N="MessageData" RefId="1"><LST><S>a</S><I32>1</I32></LST></Obj>`, "a 1"},
		{`<Obj N="MessageData" RefId="1"><DCT><En><S N="Key">a</S><DT N="Value">2024-03-04T00:00:00</DT></En></DCT></Obj>`, "{[a, 03/04/2024 00:00:00]}"},
		{`<Obj N="MessageData" RefId="1"><MS><I32 N="a">1</I32><Ref N="me" RefId="1" /></MS></Obj>`, "@{a=1; me=@{a=1; me=System.Object}}"},
		{`<Obj N="MessageData" RefId="1"><TN RefId="0"><T>System.Uri</T></TN><ToString>http://x/</ToString></Obj>`, "http://x/"},
	} {
		xml := `<Obj RefId="0"><MS>` + c.xml + `<S N="Source">s</S></MS></Obj>`
		events, err := p.pool.Receive(id, says(psrp.MsgInformationRecord, p.pool.ID(), id, uint64(100+i), xml))
		must(t, err)
		if got := one[psrp.Information](t, events); got.Text != c.text || got.Source != "s" {
			t.Errorf("%s is %q, want %q", c.xml, got.Text, c.text)
		}
	}
}
