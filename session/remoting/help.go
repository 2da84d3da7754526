package remoting

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"postroom/session"
	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// Help asks the session's Get-Help about a cmdlet. A run that begins meanwhile waits until the
// server confirms the stop; since nobody asked for the help, the server gets longer for it
// than for a stop of a person's, and the session is not given up so soon.
func (r *remote) Help(ctx context.Context, cmdletName string) (cmdlet.Help, error) {
	// A restricted session's Get-Help takes Name and Category alone (InitialSessionState.cs,
	// GetRestrictedGetHelp); it gives the whole object all the same.
	call := cmdlet.Invocation{Cmdlet: "Get-Help", Args: []cmdlet.Arg{{Name: "Name", Value: cmdletName}}}
	answer := helpReader{about: cmdletName}
	err := r.exchange(ctx, question{call.PowerShell(), freeTime, func(pool *psrp.Pool, id psrp.GUID) error {
		return pool.Start(id, psrp.PipelineOptions{}, call)
	}}, &answer)
	var remote *psrp.RemoteError
	switch {
	case errors.As(err, &remote) && strings.HasPrefix(remote.FullyQualifiedID, "CommandNotFoundException"):
		return cmdlet.Help{}, fmt.Errorf("%w: %w", session.ErrNoHelp, err)
	case err != nil && !errors.As(err, &remote): // it knows no help on this cmdlet
		return cmdlet.Help{}, err
	}
	return answer.help, nil
}

// helpReader reads what Get-Help gives: the tree that PowerShell makes of a help file (MAML),
// or less. What it does not find is not there: help is no result.
type helpReader struct {
	about string
	help  cmdlet.Help
}

func (h *helpReader) delivered() int { return 0 }

func (h *helpReader) handle(_ context.Context, e psrp.Event) error {
	out, is := e.(psrp.Output)
	if !is {
		return nil
	}
	value, err := clixml.Decode(out.Payload)
	if err != nil {
		return fmt.Errorf("read the help on %s: %w", h.about, err)
	}
	o, is := value.(*clixml.Object)
	if name := lineOf(o, "Name"); !is || name != "" && !strings.EqualFold(name, h.about) {
		return nil // a topic that mentions the cmdlet
	}
	// Without a file of help Synopsis is the syntax, which the form shows already.
	if synopsis := lineOf(o, "Synopsis"); !strings.HasPrefix(strings.ToLower(synopsis), strings.ToLower(h.about)+" ") {
		h.help.Synopsis = synopsis
	}
	parameters, _ := o.Get("parameters")
	list, is := parameters.(*clixml.Object)
	if !is {
		return nil
	}
	for _, each := range itemsOf(list, "parameter") {
		p, is := each.(*clixml.Object)
		if !is || lineOf(p, "name") == "" {
			continue // cut off at the depth to which the server writes objects
		}
		h.help.Parameters = append(h.help.Parameters, cmdlet.ParameterHelp{
			Name: lineOf(p, "name"), Text: paragraphs(p, "description"), Required: strings.EqualFold(lineOf(p, "required"), "true"),
		})
	}
	return nil
}

// itemsOf are a property's values: a list's, or the one that stands there by itself.
func itemsOf(o *clixml.Object, name string) []clixml.Value {
	value, _ := o.Get(name)
	if list, is := value.(*clixml.Object); is && list.Kind != clixml.None {
		return list.Items
	}
	if value == nil {
		return nil
	}
	return []clixml.Value{value}
}

// lineOf is a property's text in one line.
func lineOf(o *clixml.Object, name string) string {
	if o == nil {
		return ""
	}
	value, _ := o.Get(name)
	return strings.Join(strings.Fields(textOf(value)), " ")
}

// paragraphs are the texts of a property, one a line.
func paragraphs(o *clixml.Object, name string) string {
	var lines []string
	for _, each := range itemsOf(o, name) {
		text := textOf(each)
		if para, is := each.(*clixml.Object); is {
			inner, _ := para.Get("Text")
			text = textOf(inner)
		}
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}

// textOf is a text, also one that carries properties, as the nodes of MAML do.
func textOf(value clixml.Value) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return clixml.Display(v)
	case *clixml.Object:
		if v != nil && v.HasBase {
			return textOf(v.Base)
		}
	}
	return ""
}
