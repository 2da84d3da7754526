package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"postroom/session"
)

// Ask answers confirmations with yes when --yes was given, and else asks the
// person at the terminal, if there is one.
func (k *sink) Ask(ctx context.Context, p session.Prompt) (session.Answer, error) {
	if p.Kind == session.PromptChoice && k.yes {
		return session.Answer{Choices: []int{yesChoice(p)}}, nil
	}
	if !k.streams.Terminal {
		return session.Answer{}, session.ErrNoAnswer
	}
	switch p.Kind {
	case session.PromptChoice:
		return k.askChoice(p)
	case session.PromptLine, session.PromptFields:
		return k.askLines(p)
	}
	// A secret would be shown while it is typed.
	return session.Answer{}, session.ErrNoAnswer
}

// yesChoice is Yes to All where it is offered, else Yes, else the default.
func yesChoice(p session.Prompt) int {
	yes := -1
	for i, c := range p.Choices {
		switch strings.ToLower(strings.ReplaceAll(c.Label, "&", "")) {
		case "yes to all":
			return i
		case "yes":
			yes = i
		}
	}
	switch {
	case yes >= 0:
		return yes
	case len(p.Default) > 0:
		return p.Default[0]
	}
	return 0
}

func (k *sink) askChoice(p session.Prompt) (session.Answer, error) {
	fmt.Fprintf(k.err, "%s\n%s\n", p.Caption, p.Message)
	for i, c := range p.Choices {
		fmt.Fprintf(k.err, "  %d  %s\n", i+1, strings.ReplaceAll(c.Label, "&", ""))
	}
	in := bufio.NewReader(k.streams.In)
	for {
		fmt.Fprintf(k.err, "Number: ")
		line, err := in.ReadString('\n')
		n, numberErr := strconv.Atoi(strings.TrimSpace(line))
		switch {
		case numberErr == nil && n >= 1 && n <= len(p.Choices):
			return session.Answer{Choices: []int{n - 1}}, nil
		case strings.TrimSpace(line) == "" && err == nil && len(p.Default) > 0:
			return session.Answer{Choices: p.Default[:1]}, nil
		case err != nil:
			return session.Answer{}, errors.Join(session.ErrNoAnswer, err)
		}
	}
}

func (k *sink) askLines(p session.Prompt) (session.Answer, error) {
	fmt.Fprintf(k.err, "%s\n%s\n", p.Caption, p.Message)
	in := bufio.NewReader(k.streams.In)
	fields := p.Fields
	if p.Kind == session.PromptLine {
		fields = []session.PromptField{{}}
	}
	answer := session.Answer{Values: map[string]string{}}
	for _, f := range fields {
		if f.Secret {
			return session.Answer{}, session.ErrNoAnswer
		}
		fmt.Fprintf(k.err, "%s: ", f.Name)
		line, err := in.ReadString('\n')
		if err != nil {
			return session.Answer{}, errors.Join(session.ErrNoAnswer, err)
		}
		answer.Text = strings.TrimRight(line, "\r\n")
		answer.Values[f.Name] = answer.Text
	}
	return answer, nil
}
