package remoting

import (
	"errors"
	"fmt"

	"postroom/session"
	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// errBadAnswer is an answer that does not fit its prompt.
var errBadAnswer = errors.New("session: the answer does not fit the question")

// promptOf makes a Prompt of a host call; false when it asks for something
// that only a console has.
func promptOf(e psrp.HostCall) (session.Prompt, bool) {
	if c, ok := e.AsChoice(); ok {
		return choicePrompt(c), true
	}
	if c, ok := e.AsPrompt(); ok {
		return fieldsPrompt(c), true
	}
	if c, ok := e.AsCredential(); ok {
		return session.Prompt{Kind: session.PromptCredential, Caption: c.Caption, Message: c.Message, User: c.User}, true
	}
	switch e.Method {
	case psrp.HostReadLine:
		return session.Prompt{Kind: session.PromptLine}, true
	case psrp.HostReadLineAsSecureString:
		return session.Prompt{Kind: session.PromptSecretLine}, true
	}
	return session.Prompt{}, false
}

func choicePrompt(c psrp.ChoiceCall) session.Prompt {
	p := session.Prompt{Kind: session.PromptChoice, Caption: c.Caption, Message: c.Message}
	if c.Multiple {
		p.Kind = session.PromptMany
	}
	for _, choice := range c.Choices {
		p.Choices = append(p.Choices, session.Choice{Label: choice.Label, Help: choice.Help})
	}
	for _, d := range c.Defaults {
		if d >= 0 && int(d) < len(p.Choices) { // -1 says that there is none
			p.Default = append(p.Default, int(d))
		}
	}
	return p
}

func fieldsPrompt(c psrp.PromptCall) session.Prompt {
	p := session.Prompt{Kind: session.PromptFields, Caption: c.Caption, Message: c.Message}
	for _, f := range c.Fields {
		field := session.PromptField{
			Name: f.Name, Label: f.Label, Help: f.Help, Type: f.Type,
			Secret: f.Secret, Mandatory: f.Mandatory,
		}
		if f.Default != nil {
			field.Default = fmt.Sprint(f.Default)
		}
		p.Fields = append(p.Fields, field)
	}
	return p
}

// answerValue is the answer as the host method returns it (MS-PSRP 2.2.3.17).
func answerValue(p session.Prompt, a session.Answer) (clixml.Value, error) {
	switch p.Kind {
	case session.PromptChoice:
		if len(a.Choices) != 1 {
			return nil, fmt.Errorf("%w: %d choices instead of one", errBadAnswer, len(a.Choices))
		}
		return choiceIndex(p, a.Choices[0])
	case session.PromptMany:
		list := &clixml.Object{Kind: clixml.List, Types: []string{"System.Int32[]", "System.Array", "System.Object"}}
		for _, i := range a.Choices {
			index, err := choiceIndex(p, i)
			if err != nil {
				return nil, err
			}
			list.Items = append(list.Items, index)
		}
		return list, nil
	case session.PromptFields:
		return fieldValues(p, a), nil
	case session.PromptCredential:
		return cmdlet.PSCredential{User: a.Credential.User, Password: a.Credential.Secret}, nil
	case session.PromptSecretLine:
		return cmdlet.Secret(a.Credential.Secret), nil
	}
	return a.Text, nil
}

func choiceIndex(p session.Prompt, i int) (clixml.Value, error) {
	if i < 0 || i >= len(p.Choices) {
		return nil, fmt.Errorf("%w: choice %d of %d", errBadAnswer, i, len(p.Choices))
	}
	return int32(i), nil
}

// fieldValues is a Hashtable keyed with the fields' names.
func fieldValues(p session.Prompt, a session.Answer) clixml.Value {
	table := &clixml.Object{
		Kind: clixml.Dictionary, Types: []string{"System.Collections.Hashtable", "System.Object"},
	}
	for _, f := range p.Fields {
		var value clixml.Value = a.Values[f.Name]
		if f.Secret {
			value = cmdlet.Secret(a.Secrets[f.Name])
		}
		table.Entries = append(table.Entries, clixml.Entry{Key: f.Name, Value: value})
	}
	return table
}
