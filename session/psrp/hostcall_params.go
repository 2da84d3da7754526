package psrp

import (
	"strings"

	"postroom/session/clixml"
)

// param gives a parameter of the call. Objects that carry their type beside
// their value, {T, V}, are unwrapped.
func (c HostCall) param(i int) clixml.Value {
	if i < 0 || i >= len(c.Params) {
		return nil
	}
	if o, ok := c.Params[i].(*clixml.Object); ok && len(o.Extended) == 2 {
		_, typed := o.Get("T")
		if v, ok := o.Get("V"); ok && typed {
			return v
		}
	}
	return c.Params[i]
}

func (c HostCall) text(i int) string { return display(c.param(i)) }

func (c HostCall) number(i int, missing int32) int32 {
	if n, ok := number(c.param(i)); ok {
		return int32(n)
	}
	return missing
}

// arrayItems reads a list or an array, which host calls write as {mae, mal}:
// its elements and its lengths (MS-PSRP 2.2.6.1.4).
func arrayItems(v clixml.Value) []clixml.Value {
	if o, ok := v.(*clixml.Object); ok && o != nil && o.Kind == clixml.None {
		if elements, ok := o.Get("mae"); ok {
			return items(elements)
		}
	}
	return items(v)
}

// AsPrompt reads the parameters of Prompt; false for another method.
func (c HostCall) AsPrompt() (PromptCall, bool) {
	if c.Method != HostPrompt {
		return PromptCall{}, false
	}
	p := PromptCall{Caption: c.text(0), Message: c.text(1)}
	for _, v := range arrayItems(c.param(2)) {
		o, _ := v.(*clixml.Object)
		f := PromptField{
			Name:      getText(o, "name"),
			Label:     getText(o, "label"),
			Help:      getText(o, "helpMessage"),
			Type:      getText(o, "parameterTypeFullName"),
			Mandatory: getBool(o, "isMandatory"),
			Default:   get(o, "defaultValue"),
		}
		if f.Type == "" {
			f.Type = getText(o, "parameterTypeName")
		}
		f.Secret = strings.HasSuffix(f.Type, "SecureString") || strings.HasSuffix(f.Type, "PSCredential")
		p.Fields = append(p.Fields, f)
	}
	return p, true
}

// AsChoice reads the parameters of PromptForChoice and of its form with
// several answers; false for another method.
func (c HostCall) AsChoice() (ChoiceCall, bool) {
	if c.Method != HostPromptForChoice && c.Method != HostPromptForChoices {
		return ChoiceCall{}, false
	}
	p := ChoiceCall{Caption: c.text(0), Message: c.text(1), Multiple: c.Method == HostPromptForChoices}
	for _, v := range arrayItems(c.param(2)) {
		o, _ := v.(*clixml.Object)
		p.Choices = append(p.Choices, Choice{Label: getText(o, "label"), Help: getText(o, "helpMessage")})
	}
	for _, v := range arrayItems(c.param(3)) {
		if n, ok := number(v); ok && n >= 0 && n < int64(len(p.Choices)) {
			p.Defaults = append(p.Defaults, int32(n))
		}
	}
	return p, true
}

// AsCredential reads the parameters of PromptForCredential; false for another
// method.
func (c HostCall) AsCredential() (CredentialCall, bool) {
	if c.Method != HostPromptForCredential1 && c.Method != HostPromptForCredential2 {
		return CredentialCall{}, false
	}
	return CredentialCall{
		Caption: c.text(0), Message: c.text(1), User: c.text(2), Target: c.text(3),
		Types: c.number(4, 0), Options: c.number(5, 0),
	}, true
}

// AsWrite reads the parameters of the Write methods but WriteProgress; false
// for another method.
func (c HostCall) AsWrite() (WriteCall, bool) {
	w := WriteCall{NewLine: true, Foreground: -1, Background: -1}
	switch c.Method {
	case HostWrite1:
		w.NewLine = false
		w.Text = c.text(0)
	case HostWrite2, HostWriteLine3:
		w.NewLine = c.Method == HostWriteLine3
		w.Foreground, w.Background = c.number(0, -1), c.number(1, -1)
		w.Text = c.text(2)
	case HostWriteLine1:
	case HostWriteLine2:
		w.Text = c.text(0)
	case HostWriteErrorLine:
		w.Error = true
		w.Text = c.text(0)
	case HostWriteDebugLine:
		w.Stream = Debug
		w.Text = c.text(0)
	case HostWriteVerboseLine:
		w.Stream = Verbose
		w.Text = c.text(0)
	case HostWriteWarningLine:
		w.Stream = Warning
		w.Text = c.text(0)
	default:
		return WriteCall{}, false
	}
	return w, true
}

// AsProgress reads the parameters of WriteProgress; false for another method.
func (c HostCall) AsProgress() (Progress, bool) {
	o, ok := c.param(1).(*clixml.Object)
	if c.Method != HostWriteProgress || !ok {
		return Progress{}, false
	}
	return readProgress(c.Pipeline, o), true
}

// readHostCall reads PIPELINE_HOST_CALL and RUNSPACEPOOL_HOST_CALL.
func readHostCall(pipeline GUID, o *clixml.Object) (HostCall, bool) {
	id, okID := getNumber(o, "ci")
	method, okMethod := getNumber(o, "mi")
	if !okID || !okMethod {
		return HostCall{}, false
	}
	return HostCall{Pipeline: pipeline, ID: id, Method: HostMethod(method), Params: items(get(o, "mp"))}, true
}

// hostMethod makes the enum value of a method.
func hostMethod(m HostMethod) *clixml.Object {
	return enum("System.Management.Automation.Remoting.RemoteHostMethodId", m.String(), int32(m))
}

// String gives the method's name in MS-PSRP 2.2.3.17.
func (m HostMethod) String() string {
	if m >= 1 && int(m) < len(hostMethodNames) {
		return hostMethodNames[m]
	}
	return "HostMethod(?)"
}

var hostMethodNames = [...]string{
	1: "GetName", "GetVersion", "GetInstanceId", "GetCurrentCulture", "GetCurrentUICulture",
	"SetShouldExit", "EnterNestedPrompt", "ExitNestedPrompt", "NotifyBeginApplication", "NotifyEndApplication",
	"ReadLine", "ReadLineAsSecureString", "Write1", "Write2", "WriteLine1",
	"WriteLine2", "WriteLine3", "WriteErrorLine", "WriteDebugLine", "WriteProgress",
	"WriteVerboseLine", "WriteWarningLine", "Prompt", "PromptForCredential1", "PromptForCredential2",
	"PromptForChoice", "GetForegroundColor", "SetForegroundColor", "GetBackgroundColor", "SetBackgroundColor",
	"GetCursorPosition", "SetCursorPosition", "GetWindowPosition", "SetWindowPosition", "GetCursorSize",
	"SetCursorSize", "GetBufferSize", "SetBufferSize", "GetWindowSize", "SetWindowSize",
	"GetWindowTitle", "SetWindowTitle", "GetMaxWindowSize", "GetMaxPhysicalWindowSize", "GetKeyAvailable",
	"ReadKey", "FlushInputBuffer", "SetBufferContents1", "SetBufferContents2", "GetBufferContents",
	"ScrollBufferContents", "PushRunspace", "PopRunspace", "GetIsRunspacePushed", "GetRunspace",
	"PromptForChoiceMultipleSelection",
}

// isVoid tells the methods that have no answer (MS-PSRP 2.2.3.17).
func (m HostMethod) isVoid() bool {
	switch m {
	case HostSetShouldExit, HostEnterNestedPrompt, HostExitNestedPrompt, HostNotifyBeginApplication, HostNotifyEndApplication,
		HostWrite1, HostWrite2, HostWriteLine1, HostWriteLine2, HostWriteLine3, HostWriteErrorLine, HostWriteDebugLine,
		HostWriteProgress, HostWriteVerboseLine, HostWriteWarningLine,
		HostSetForegroundColor, HostSetBackgroundColor, HostSetCursorPosition, HostSetWindowPosition, HostSetCursorSize,
		HostSetBufferSize, HostSetWindowSize, HostSetWindowTitle, HostFlushInputBuffer,
		HostSetBufferContents1, HostSetBufferContents2, HostScrollBufferContents, HostPushRunspace, HostPopRunspace:
		return true
	}
	return false
}

// hostInfo makes the HostInfo of INIT_RUNSPACEPOOL (MS-PSRP 2.2.3.14).
func hostInfo(h HostInfo) *clixml.Object {
	if !h.Present {
		return nullHost(false)
	}
	width, height := h.Width, h.Height
	if width <= 0 {
		width = 120
	}
	if height <= 0 {
		height = 30
	}
	if h.Foreground == 0 && h.Background == 0 {
		h.Foreground = 7
	}
	size := func(w, h int32) *clixml.Object { return bag(prop("width", w), prop("height", h)) }
	origin := func() *clixml.Object { return bag(prop("x", int32(0)), prop("y", int32(0))) }
	const (
		sizeType  = "System.Management.Automation.Host.Size"
		coordType = "System.Management.Automation.Host.Coordinates"
		colorType = "System.ConsoleColor"
	)
	data := &clixml.Object{Types: hashtableTypes(), Kind: clixml.Dictionary}
	for i, v := range []*clixml.Object{
		bag(prop("T", colorType), prop("V", h.Foreground)),
		bag(prop("T", colorType), prop("V", h.Background)),
		bag(prop("T", coordType), prop("V", origin())),
		bag(prop("T", coordType), prop("V", origin())),
		bag(prop("T", "System.Int32"), prop("V", int32(25))),
		bag(prop("T", sizeType), prop("V", size(width, 3000))),
		bag(prop("T", sizeType), prop("V", size(width, height))),
		bag(prop("T", sizeType), prop("V", size(width, height))),
		bag(prop("T", sizeType), prop("V", size(width, height))),
		bag(prop("T", "System.String"), prop("V", h.Title)),
	} {
		data.Entries = append(data.Entries, clixml.Entry{Key: int32(i), Value: v})
	}
	return bag(
		prop("_isHostUINull", false), prop("_isHostRawUINull", false), prop("_isHostNull", false),
		prop("_hostDefaultData", bag(prop("data", data))),
		prop("_useRunspaceHost", false),
	)
}

func nullHost(usePoolHost bool) *clixml.Object {
	return bag(
		prop("_isHostUINull", true), prop("_isHostRawUINull", true), prop("_isHostNull", true),
		prop("_useRunspaceHost", usePoolHost),
	)
}
