package psrp

import (
	"fmt"
	"slices"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// The numbers of PipelineResultTypes (MS-PSRP 2.2.3.31) as PowerShell sends them.
const (
	resultNone   int32 = 0
	resultOutput int32 = 1
	resultError  int32 = 2
	resultNull   int32 = 8
)

func resultType(n int32) *clixml.Object {
	text := [...]string{"None", "Output", "Error", "Warning", "Verbose", "Debug", "Information", "All", "Null"}[n]
	return enum("System.Management.Automation.Runspaces.PipelineResultTypes", text, n)
}

func apartmentState() *clixml.Object {
	return enum("System.Threading.ApartmentState", "Unknown", 2)
}

// mergeProperties are the properties of a command for its streams, with the
// protocol version that has them.
func mergeProperties(version string) []struct {
	name string
	from MergeStream
} {
	all := []struct {
		name string
		from MergeStream
	}{
		{"MergeError", MergeError},
		{"MergeWarning", MergeWarning},
		{"MergeVerbose", MergeVerbose},
		{"MergeDebug", MergeDebug},
		{"MergeInformation", MergeInformation},
	}
	switch version {
	case Version20, Version21:
		return nil
	case Version22:
		return all[:4]
	}
	return all
}

// writeCommand makes a command of a pipeline (MS-PSRP 2.2.3.12).
func (c *converter) writeCommand(i cmdlet.Invocation, o PipelineOptions, version string) (clixml.Value, error) {
	args := make([]clixml.Value, 0, len(i.Args))
	for _, a := range i.Args {
		v, err := c.argument(a.Value)
		if err != nil {
			return nil, fmt.Errorf("%s -%s: %w", i.Cmdlet, a.Name, err)
		}
		var name clixml.Value
		if a.Name != "" {
			name = a.Name
		}
		args = append(args, bag(prop("N", name), prop("V", v)))
	}
	merges := make(map[MergeStream]int32, len(o.Merge))
	for _, m := range o.Merge {
		merges[m.From] = resultOutput
		if m.To == ToNull {
			merges[m.From] = resultNull
		}
	}
	// An error merged alone is said in the form of version 2.0, too.
	mine, to := resultNone, resultNone
	if n, ok := merges[MergeError]; ok && len(merges) == 1 {
		mine, to = resultError, n
	}
	command := bag(
		prop("Cmd", i.Cmdlet), prop("IsScript", false), prop("UseLocalScope", nil),
		prop("MergeMyResult", resultType(mine)), prop("MergeToResult", resultType(to)),
		prop("MergePreviousResults", resultType(resultNone)),
	)
	for _, p := range mergeProperties(version) {
		command.Extended = append(command.Extended, prop(p.name, resultType(merges[p.from])))
	}
	command.Extended = append(command.Extended, prop("Args", listOf(psObjectListTypes(), args)))
	return command, nil
}

// writePipeline makes the payload of CREATE_PIPELINE (MS-PSRP 2.2.2.10).
func (c *converter) writePipeline(cmds []cmdlet.Invocation, o PipelineOptions, version string) (clixml.Value, error) {
	commands := make([]clixml.Value, 0, len(cmds))
	for _, i := range cmds {
		command, err := c.writeCommand(i, o, version)
		if err != nil {
			return nil, err
		}
		commands = append(commands, command)
	}
	return bag(
		prop("PowerShell", bag(
			prop("Cmds", listOf(psObjectListTypes(), commands)),
			prop("IsNested", false), prop("History", nil), prop("RedirectShellErrorOutputPipe", true),
		)),
		prop("NoInput", !o.Input),
		prop("ApartmentState", apartmentState()),
		prop("RemoteStreamOptions", streamOptions(o.StreamOptions)),
		prop("AddToHistory", o.AddToHistory),
		prop("HostInfo", nullHost(!o.NullHost)),
		prop("IsNested", false),
	), nil
}

func streamOptions(o StreamOptions) *clixml.Object {
	text := "0"
	switch o {
	case 0:
	case InvocationInfoAll:
		text = "AddInvocationInfo"
	default:
		text = ""
		for _, s := range []struct {
			bit  StreamOptions
			name string
		}{
			{InvocationInfoError, "AddInvocationInfoToErrorRecord"},
			{InvocationInfoWarning, "AddInvocationInfoToWarningRecord"},
			{InvocationInfoDebug, "AddInvocationInfoToDebugRecord"},
			{InvocationInfoVerbose, "AddInvocationInfoToVerboseRecord"},
		} {
			if o&s.bit != 0 {
				if text != "" {
					text += ", "
				}
				text += s.name
			}
		}
	}
	return enum("System.Management.Automation.RemoteStreamOptions", text, int32(o))
}

// readPipeline reads CREATE_PIPELINE.
func (s *Server) readPipeline(id GUID, o *clixml.Object) (CreatePipeline, error) {
	shell := getObject(o, "PowerShell")
	if shell == nil {
		return CreatePipeline{}, &ProtocolError{Stream: id, Type: MsgCreatePipeline, What: "no PowerShell property"}
	}
	host := getObject(o, "HostInfo")
	r := CreatePipeline{
		ID:            id,
		Sent:          readCommands(get(shell, "Cmds")),
		Input:         !getBool(o, "NoInput"),
		AddHistory:    getBool(o, "AddToHistory"),
		StreamOptions: getInt32(o, "RemoteStreamOptions", 0),
		Value:         o,
	}
	r.NullHost = getBool(host, "_isHostNull")
	if getBool(host, "_useRunspaceHost") {
		r.NullHost = s.nullHost
	}
	for _, v := range items(get(shell, "ExtraCmds")) {
		statement, _ := v.(*clixml.Object)
		r.Statements = append(r.Statements, readCommands(get(statement, "Cmds")))
	}
	for _, c := range r.Sent {
		i, err := s.invocation(c)
		if err != nil {
			return CreatePipeline{}, &ProtocolError{Stream: id, Type: MsgCreatePipeline, What: "the arguments of " + c.Name, Err: err}
		}
		r.Commands = append(r.Commands, i)
	}
	return r, nil
}

func readCommands(v clixml.Value) []Command {
	var out []Command
	for _, v := range items(v) {
		o, _ := v.(*clixml.Object)
		c := Command{Name: getText(o, "Cmd"), IsScript: getBool(o, "IsScript")}
		for _, name := range []string{
			"MergeMyResult", "MergeToResult", "MergePreviousResults",
			"MergeError", "MergeWarning", "MergeVerbose", "MergeDebug", "MergeInformation",
		} {
			if n, ok := getNumber(o, name); ok && n != 0 {
				if c.Merges == nil {
					c.Merges = make(map[string]int32)
				}
				c.Merges[name] = int32(n)
			}
		}
		for _, v := range items(get(o, "Args")) {
			arg, _ := v.(*clixml.Object)
			name := get(arg, "N")
			a := CommandArg{HasName: name != nil, Name: display(name), Value: get(arg, "V")}
			c.Args = append(c.Args, a)
		}
		out = append(out, c)
	}
	return out
}

// invocation resolves the three ways in which PowerShell names parameters:
// "Name" and "-Name:" carry their value; "-Name" has none, and its value is
// the next argument without a name unless the parameter is a switch.
func (s *Server) invocation(c Command) (cmdlet.Invocation, error) {
	i := cmdlet.Invocation{Cmdlet: c.Name}
	for n := 0; n < len(c.Args); n++ {
		a := c.Args[n]
		name, bare := trimParameter(a)
		var value any
		var err error
		switch {
		case !bare:
			value, err = s.argument(a.Value)
		case n+1 < len(c.Args) && !c.Args[n+1].HasName && !s.isSwitch(c.Name, name):
			n++
			value, err = s.argument(c.Args[n].Value)
		default:
			value = cmdlet.Switch(true)
		}
		if err != nil {
			return i, err
		}
		i.Args = append(i.Args, cmdlet.Arg{Name: name, Value: value})
	}
	return i, nil
}

// trimParameter gives the parameter's name, and tells whether it came bare, as
// "-Name" without a value.
func trimParameter(a CommandArg) (name string, bare bool) {
	name = a.Name
	if len(name) < 2 || name[0] != '-' {
		return name, false
	}
	name = name[1:]
	if n := len(name) - 1; n > 0 && name[n] == ':' {
		return name[:n], false
	}
	return name, a.Value == nil
}

func (s *Server) isSwitch(command, parameter string) bool {
	return s.options.IsSwitch != nil && s.options.IsSwitch(command, parameter)
}

// plainSecret is a SecureString that the server half has decrypted.
type plainSecret string

// Reveal gives the text.
func (p plainSecret) Reveal() string { return string(p) }

// String hides the text.
func (p plainSecret) String() string { return "(secret)" }

// GoString hides the text.
func (p plainSecret) GoString() string { return "(secret)" }

// argument is the way back of converter.argument, as far as Go has the types;
// what cmdlet.Arg does not know stays a clixml value.
func (s *Server) argument(v clixml.Value) (any, error) {
	switch v := v.(type) {
	case clixml.SecureString:
		text, err := s.Decrypt(v)
		return plainSecret(text), err
	case clixml.DateTime:
		return v.Time(), nil
	case clixml.Duration:
		if d, ok := v.Std(); ok {
			return d, nil
		}
		return v, nil
	case uint64:
		return v, nil
	case float32:
		return float64(v), nil
	case *clixml.Object:
		return s.objectArgument(v)
	}
	if n, ok := number(v); ok {
		return n, nil
	}
	return v, nil
}

func (s *Server) objectArgument(o *clixml.Object) (any, error) {
	switch {
	case o == nil:
		return nil, nil
	case firstType(o) == "System.Management.Automation.SwitchParameter":
		return cmdlet.Switch(getBool(o, "IsPresent")), nil
	case firstType(o) == "System.Management.Automation.PSCredential":
		password, err := s.argument(get(o, "Password"))
		if err != nil {
			return nil, err
		}
		secret, _ := password.(cmdlet.Secret)
		return cmdlet.PSCredential{User: getText(o, "UserName"), Password: secret}, nil
	case o.HasBase && slices.Contains(o.Types, "System.Enum") && o.HasToString:
		return o.ToString, nil
	case o.HasBase:
		return s.argument(o.Base)
	case o.Kind == clixml.Dictionary:
		m := make(map[string]any, len(o.Entries))
		for _, e := range o.Entries {
			v, err := s.argument(e.Value)
			if err != nil {
				return nil, err
			}
			m[display(e.Key)] = v
		}
		return m, nil
	case o.Kind != clixml.None:
		return s.listArgument(o.Items)
	}
	return o, nil
}

// listArgument gives []string when all elements are texts, else []any.
func (s *Server) listArgument(list []clixml.Value) (any, error) {
	all := make([]any, len(list))
	words := make([]string, 0, len(list))
	for i, item := range list {
		v, err := s.argument(item)
		if err != nil {
			return nil, err
		}
		all[i] = v
		if text, ok := v.(string); ok {
			words = append(words, text)
		}
	}
	if len(words) == len(all) {
		return words, nil
	}
	return all, nil
}
