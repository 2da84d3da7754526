package simulator

import (
	"context"
	"fmt"
	"strings"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// execution is one command of a pipeline while it runs.
type execution struct {
	ctx    context.Context //nolint:containedctx // the pipeline's lifetime
	shell  *shell
	tenant *tenant
	pipe   *pipeline
	def    *definition
	args   bound
	call   cmdlet.Invocation
	out    output
	// identities come from the command before; piped says that there is one.
	identities []string
	piped      bool
	rule       Rule // fault to play, if any
	failed     bool
}

func (x *execution) server() *Server { return x.shell.server }

// runPipeline runs the commands, each into the next, and gives the terminating
// error, if any.
func (p *pipeline) runPipeline(commands []cmdlet.Invocation) *psrp.RemoteError {
	defs := make([]*definition, len(commands))
	for i, c := range commands {
		if defs[i] = p.shell.server.catalogue.find(c.Cmdlet); defs[i] == nil {
			return commandNotFound(c.Cmdlet)
		}
	}
	var identities []string
	for start := 0; start < len(commands); {
		// from here to the next command that changes things
		end := start + 1
		for end < len(commands) && defs[end].streams() {
			end++
		}
		var sink output = &client{pipeline: p}
		var collected *collector
		if end < len(commands) {
			collected = &collector{}
			sink = collected
		}
		for i := end - 1; i > start; i-- {
			var err *psrp.RemoteError
			if sink, err = defs[i].stage(commands[i], sink); err != nil {
				return err
			}
		}
		x := &execution{ctx: p.ctx, shell: p.shell, tenant: p.shell.tenant, pipe: p, def: defs[start], call: commands[start], out: sink, identities: identities, piped: start > 0}
		if err := x.run(); err != nil {
			sink.end()
			return err
		}
		sink.end()
		if collected != nil {
			identities = collected.identities
		}
		start = end
	}
	return nil
}

// streams says that the command takes rows one by one and passes them on.
func (d *definition) streams() bool {
	switch d.meta.Name {
	case "Select-Object", "Measure-Object", "Out-Default":
		return true
	}
	return false
}

// stage is a streaming command in front of next.
func (d *definition) stage(call cmdlet.Invocation, next output) (output, *psrp.RemoteError) {
	args, err := d.bind(call)
	if err != nil {
		return nil, err
	}
	switch d.meta.Name {
	case "Select-Object":
		return &selector{next: next, properties: args.list("Property"), first: args.number("First", -1), skip: args.number("Skip", 0), last: args.number("Last", -1), views: map[*view]*view{}}, nil
	case "Measure-Object":
		return &measurer{next: next}, nil
	}
	return next, nil
}

// run binds the arguments, asks for what is missing, plays the fault, and does
// the work.
func (x *execution) run() *psrp.RemoteError {
	var problem *psrp.RemoteError
	if x.args, problem = x.def.bind(x.call); problem != nil {
		return problem
	}
	if problem := x.complete(); problem != nil {
		return problem
	}
	x.server().counters.count(func(s *Stats) {
		s.CommandsByName[x.def.meta.Name]++
		if x.def.impact != reads {
			s.ChangesByCall[x.tenant.Domain+": "+x.call.PowerShell()]++
		}
	})
	if rule, ok := x.server().fault(occasion{kind: Cmdlet, account: x.shell.account, tenant: x.tenant.Domain, cmdlet: x.def.meta.Name}); ok {
		x.rule = rule
		if problem := x.play(); problem != nil {
			return problem
		}
	}
	if x.args.on("Verbose") {
		x.say(psrp.Verbose, fmt.Sprintf("Active Directory session settings for '%s' are: View Entire Forest: 'False', Configuration Domain Controller: '%s.EURPR06A014.PROD.OUTLOOK.EXAMPLE'.", x.def.meta.Name, x.tenant.server))
	}
	return x.def.run(x)
}

// play plays a fault of cmdlets that comes before the work.
func (x *execution) play() *psrp.RemoteError {
	switch x.rule.Fault {
	case NotInRole:
		return commandNotFound(x.def.meta.Name)
	case Transient:
		return x.exchangeProblem(categoryNotSpecified, "Microsoft.Exchange.Data.Directory.ADTransientException", "",
			"Active directory response: The LDAP server is unavailable. A server side error has occurred because of which the operation could not be completed. Please try again after some time.")
	case MicroDelay:
		x.warn("Micro delay applied. Actual delayed: 21956 msecs, Enforced: True, Capped delay: 21956 msecs, Required: False, Additional info: .; PolicyDN: CN=" +
			"[SERVER=" + x.tenant.server + "]GlobalThrottlingPolicy_1d5cc8d1-9a8a-4b0a-8b3c-4c2ee0ab43a5; Snapshot: Owner: Sid~" + x.shell.account + "~WSMan~false BudgetType: WSMan")
	case SlowCmdlet:
		x.wait(time.Duration(x.rule.Delay))
	}
	return nil
}

// wait lets time pass, until the pipeline is stopped.
func (x *execution) wait(d time.Duration) {
	done := make(chan struct{})
	stop := x.server().options.Clock.AfterFunc(d, func() { close(done) })
	defer stop()
	select {
	case <-done:
	case <-x.ctx.Done():
	}
}

// complete asks for mandatory parameters that are missing, as PowerShell does.
func (x *execution) complete() *psrp.RemoteError {
	missing := x.def.missing(x.args, x.piped)
	if len(missing) == 0 {
		return nil
	}
	names := make([]string, len(missing))
	for i, p := range missing {
		names[i] = p.Name
	}
	if x.pipe.nullHost {
		return missingMandatory(x.def.meta.Name, names)
	}
	var fields []clixml.Value
	for _, p := range missing {
		short := p.Type[strings.LastIndexByte(p.Type, '.')+1:]
		fields = append(fields, &clixml.Object{Extended: []clixml.Property{
			{Name: "name", Value: p.Name},
			{Name: "label", Value: "&" + p.Name},
			{Name: "parameterTypeName", Value: short},
			{Name: "parameterTypeFullName", Value: p.Type},
			{Name: "parameterAssemblyFullName", Value: p.Type},
			{Name: "helpMessage", Value: ""},
			{Name: "isMandatory", Value: true},
			{Name: "metadata", Value: arrayListOf()},
			{Name: "modifiedByRemotingProtocol", Value: false},
			{Name: "isFromRemoteHost", Value: false},
		}})
	}
	answer, problem := x.ask(psrp.HostPrompt, fmt.Sprintf("cmdlet %s at command pipeline position 1", x.def.meta.Name), "Supply values for the following parameters:", arrayListOf(fields...))
	if problem != nil {
		return problem
	}
	given, _ := plainValue(answer).(map[string]any)
	for _, p := range missing {
		v, ok := given[p.Name]
		if s, secret := v.(clixml.SecureString); secret {
			text, err := x.decrypt(s)
			if err != nil {
				return missingMandatory(x.def.meta.Name, []string{p.Name})
			}
			v = hidden(text)
		}
		if !ok || v == nil {
			return missingMandatory(x.def.meta.Name, []string{p.Name})
		}
		if problem := x.def.put(x.args, p, v); problem != nil {
			return problem
		}
	}
	return nil
}

// hidden is a secret that arrived.
type hidden string

// Reveal gives the text.
func (h hidden) Reveal() string { return string(h) }

// String hides it.
func (hidden) String() string { return "System.Security.SecureString" }

func arrayListOf(items ...clixml.Value) *clixml.Object {
	return &clixml.Object{Types: []string{"System.Collections.ArrayList", "System.Object"}, Kind: clixml.List, Items: items}
}

// fail reports an error that does not end the pipeline, or gives it back when
// -ErrorAction Stop makes it one that does.
func (x *execution) fail(e *psrp.RemoteError) *psrp.RemoteError {
	x.failed = true
	switch strings.ToLower(x.args.text("ErrorAction")) {
	case "stop":
		return e
	case "silentlycontinue", "ignore":
		return nil
	}
	x.pipe.flush()
	x.shell.do(func() { x.shell.check(x.shell.psrp.Error(x.pipe.id, e)) })
	return nil
}

func (x *execution) warn(text string) {
	switch strings.ToLower(x.args.text("WarningAction")) {
	case "silentlycontinue", "ignore":
		return
	}
	x.say(psrp.Warning, text)
}

// say sends a record and, as real servers do, calls the host with the same
// text, if there is one.
func (x *execution) say(stream psrp.RecordStream, text string) {
	x.pipe.flush()
	method := psrp.HostWriteWarningLine
	if stream == psrp.Verbose {
		method = psrp.HostWriteVerboseLine
	}
	x.shell.do(func() {
		x.shell.check(x.shell.psrp.Record(psrp.Record{Pipeline: x.pipe.id, Stream: stream, Text: text}))
		if !x.pipe.nullHost {
			_, err := x.shell.psrp.HostCall(x.pipe.id, method, text)
			x.shell.check(err)
		}
	})
}

// progress shows how far an activity has come; percent 100 ends it.
func (x *execution) progress(activity, status string, percent int32) {
	x.pipe.flush()
	x.shell.do(func() {
		x.shell.check(x.shell.psrp.Progress(psrp.Progress{
			Pipeline: x.pipe.id, Activity: activity, ActivityID: 1, ParentActivityID: -1, Status: status,
			PercentComplete: percent, SecondsRemaining: -1, Completed: percent >= 100,
		}))
	})
}

// ask calls the host and waits for its answer. Without a host that is an error.
func (x *execution) ask(method psrp.HostMethod, params ...clixml.Value) (clixml.Value, *psrp.RemoteError) {
	if x.pipe.nullHost {
		return nil, newProblem(11, "HostFunctionNotImplemented", automation+"Host.HostException", x.def.meta.Name, "", "",
			"A command that prompts the user failed because the host program or the command type does not support user interaction. The host was attempting to request confirmation with the following message: "+display(params[1]))
	}
	x.pipe.flush()
	answer := make(chan psrp.HostResponse, 1)
	x.shell.do(func() {
		id, err := x.shell.psrp.HostCall(x.pipe.id, method, params...)
		x.shell.check(err)
		x.pipe.answers[id] = answer
	})
	x.server().counters.count(func(s *Stats) { s.Prompts++ })
	select {
	case a := <-answer:
		if a.Err != nil {
			return nil, a.Err
		}
		return a.Value, nil
	case <-x.ctx.Done():
		return nil, stopped()
	}
}

func (x *execution) decrypt(s clixml.SecureString) (text string, err error) {
	x.shell.do(func() { text, err = x.shell.psrp.Decrypt(s) })
	return text, err
}

// confirmed is ShouldProcess: it says whether to go on with a target.
func (x *execution) confirmed(target string) (bool, *psrp.RemoteError) {
	operation := fmt.Sprintf("Performing the operation \"%s\" on target \"%s\".", x.def.meta.Name, target)
	if x.def.confirm != "" {
		operation = fmt.Sprintf(x.def.confirm, target)
	}
	if x.args.on("WhatIf") {
		if !x.pipe.nullHost {
			x.pipe.flush()
			x.shell.do(func() {
				_, err := x.shell.psrp.HostCall(x.pipe.id, psrp.HostWriteLine2, "What if: "+operation)
				x.shell.check(err)
			})
		}
		return false, nil
	}
	wanted := x.def.impact == asks
	if x.args.has("Confirm") {
		wanted = x.args.on("Confirm")
	}
	if !wanted || x.pipe.yesToAll {
		return true, nil
	}
	if x.pipe.noToAll {
		return false, nil
	}
	return x.choose("Are you sure you want to perform this action?\n" + operation)
}

func (x *execution) choose(message string) (bool, *psrp.RemoteError) {
	var choices []clixml.Value
	for _, c := range [][2]string{
		{"&Yes", "Continue with only the next step of the operation."},
		{"Yes to &All", "Continue with all the steps of the operation."},
		{"&No", "Skip this operation and proceed with the next operation."},
		{"No to A&ll", "Skip this operation and all subsequent operations."},
	} {
		choices = append(choices, &clixml.Object{Extended: []clixml.Property{{Name: "label", Value: c[0]}, {Name: "helpMessage", Value: c[1]}}})
	}
	answer, problem := x.ask(psrp.HostPromptForChoice, "Confirm", message, arrayListOf(choices...), int32(0))
	if problem != nil {
		return false, problem
	}
	n, _ := plainValue(answer).(int64)
	switch n {
	case 0:
		return true, nil
	case 1:
		x.pipe.yesToAll = true
		return true, nil
	case 3:
		x.pipe.noToAll = true
	}
	return false, nil
}

// client is the output to the client. Rows are gathered into batches.
type client struct{ pipeline *pipeline }

func (c *client) row(v *view, r *record) bool {
	return c.pipeline.add(v, r)
}

func (c *client) object(o *clixml.Object) bool {
	p := c.pipeline
	p.flush()
	p.shell.do(func() { p.shell.check(p.shell.psrp.Output(p.id, o)) })
	return p.ctx.Err() == nil
}

func (c *client) end() bool { c.pipeline.flush(); return true }
