package exchange

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// execution is one command of a call while it runs.
type execution struct {
	ctx     context.Context //nolint:containedctx // the call's lifetime
	call    *Call
	tenant  *Tenant
	def     *definition
	args    bound
	command cmdlet.Invocation
	out     output
	// item is what came through the pipeline, nil when nothing did.
	item    *item
	trouble Trouble
	seen    int    // identities that were worked on
	folder  string // behind the mailbox of mailbox:folder
	answers *answers
}

// answers are those that hold for the rest of a call.
type answers struct{ yesToAll, noToAll bool }

// Run runs the commands and gives the terminating error, if any.
func (c *Call) Run(ctx context.Context) *psrp.RemoteError {
	defs := make([]*definition, len(c.Commands))
	for i, command := range c.Commands {
		if defs[i] = c.Tenant.offer().find(command.Cmdlet); defs[i] == nil {
			return commandNotFound(command.Cmdlet)
		}
	}
	var piped []item
	said := &answers{}
	for start := 0; start < len(c.Commands); {
		// from here to the next command that does not take rows one by one
		end := start + 1
		for end < len(c.Commands) && defs[end].streams {
			end++
		}
		var sink output = &client{host: c.Host, ctx: ctx}
		var collected *collector
		if end < len(c.Commands) {
			collected = newCollector(defs[end])
			sink = collected
		}
		for i := end - 1; i > start; i-- {
			var err *psrp.RemoteError
			if sink, err = defs[i].stage(c.Commands[i], sink); err != nil {
				return err
			}
		}
		x := &execution{ctx: ctx, call: c, tenant: c.Tenant, def: defs[start], command: c.Commands[start], out: sink, answers: said}
		err := x.start(piped, start > 0)
		sink.end()
		if err != nil {
			return err
		}
		if collected != nil {
			piped = collected.items
		}
		start = end
	}
	return nil
}

// start binds the arguments and runs the cmdlet: once, or for each object that
// came through the pipeline.
func (x *execution) start(piped []item, isPiped bool) *psrp.RemoteError {
	given, problem := x.def.bind(x.command)
	if problem != nil {
		return problem
	}
	x.args = given
	if isPiped && len(piped) == 0 {
		return nil
	}
	if !isPiped {
		piped = []item{{}}
	}
	for n := range piped {
		if x.stopping() {
			return nil
		}
		x.args = maps.Clone(given)
		if isPiped {
			x.item = &piped[n]
			if problem := x.bindItem(); problem != nil {
				return problem
			}
		}
		if n == 0 {
			if problem := x.begin(); problem != nil {
				return problem
			}
		}
		if problem := x.complete(); problem != nil {
			return problem
		}
		if problem := x.def.run(x); problem != nil {
			return problem
		}
	}
	return nil
}

// bindItem binds what came through the pipeline to the parameters that take it
// by property name.
func (x *execution) bindItem() *psrp.RemoteError {
	for i := range x.def.parameters {
		p := &x.def.parameters[i]
		v, has := x.item.values[p]
		if !has || x.args.holds(p.key) {
			continue
		}
		if problem := x.def.put(x.args, p, v); problem != nil {
			return problem
		}
	}
	return nil
}

// begin counts the cmdlet and plays what goes wrong with it before its work.
func (x *execution) begin() *psrp.RemoteError {
	if x.call.Begun != nil {
		x.trouble = x.call.Begun(x.command, x.def.impact != reads)
	}
	switch {
	case x.trouble.NotInRole:
		return commandNotFound(x.def.name)
	case x.trouble.Transient:
		return x.exchangeProblem(categoryNotSpecified, "Microsoft.Exchange.Data.Directory.ADTransientException", "",
			"Active directory response: The LDAP server is unavailable. A server side error has occurred because of which the operation could not be completed. Please try again after some time.")
	case x.trouble.MicroDelay:
		x.warn("Micro delay applied. Actual delayed: 21956 msecs, Enforced: True, Capped delay: 21956 msecs, Required: False, Additional info: .; PolicyDN: CN=" +
			"[SERVER=" + x.tenant.server + "]GlobalThrottlingPolicy_1d5cc8d1-9a8a-4b0a-8b3c-4c2ee0ab43a5; Snapshot: Owner: Sid~" + x.call.Account + "~WSMan~false BudgetType: WSMan")
	}
	if x.trouble.Wait != nil {
		x.trouble.Wait(x.ctx)
	}
	if x.args.on("Verbose") {
		x.call.Host.Say(Note{Stream: Verbose, Text: fmt.Sprintf("Active Directory session settings for '%s' are: View Entire Forest: 'False', Configuration Domain Controller: '%s.EURPR06A014.PROD.OUTLOOK.EXAMPLE'.", x.def.name, x.tenant.server)})
	}
	return nil
}

// stopping says that the call is to end.
func (x *execution) stopping() bool { return x.ctx.Err() != nil }

// complete asks for mandatory parameters that are missing, as PowerShell does.
func (x *execution) complete() *psrp.RemoteError {
	missing := x.def.missing(x.args, x.item != nil)
	if len(missing) == 0 {
		return nil
	}
	names := make([]string, len(missing))
	fields := make([]Field, len(missing))
	for i, p := range missing {
		names[i], fields[i] = p.Name, Field{p.Name, p.Type}
	}
	answer, problem := x.call.Host.Ask(Question{
		Caption: fmt.Sprintf("cmdlet %s at command pipeline position 1", x.def.name), Message: "Supply values for the following parameters:", Fields: fields,
	})
	if problem != nil {
		if problem.FullyQualifiedID == "HostFunctionNotImplemented" {
			return bindingProblem(x.def.name, missingMandatory, strings.Join(names, " "))
		}
		return problem
	}
	given, _ := plainValue(answer).(map[string]any)
	for _, p := range missing {
		v, ok := given[p.Name]
		if s, secret := v.(clixml.SecureString); secret && x.call.Decrypt != nil {
			text, err := x.call.Decrypt(s)
			if err != nil {
				return bindingProblem(x.def.name, missingMandatory, p.Name)
			}
			v = Secret(text)
		}
		if !ok || v == nil {
			return bindingProblem(x.def.name, missingMandatory, p.Name)
		}
		if problem := x.def.put(x.args, p, v); problem != nil {
			return problem
		}
	}
	return nil
}

// Secret is a secret that arrived: an argument of a call.
type Secret string

// Reveal gives the text.
func (s Secret) Reveal() string { return string(s) }

// String hides it.
func (Secret) String() string { return "System.Security.SecureString" }

// fail reports an error that does not end the call, or gives it back when
// -ErrorAction Stop makes it one that does.
func (x *execution) fail(e *psrp.RemoteError) *psrp.RemoteError {
	switch strings.ToLower(x.args.text("ErrorAction")) {
	case "stop":
		return e
	case "silentlycontinue", "ignore":
		return nil
	}
	x.call.Host.Say(Note{Stream: Failure, Err: e})
	return nil
}

func (x *execution) warn(text string) {
	switch strings.ToLower(x.args.text("WarningAction")) {
	case "silentlycontinue", "ignore":
		return
	}
	x.call.Host.Say(Note{Stream: Warning, Text: text})
}

// progress shows how far an activity has come; percent 100 ends it.
func (x *execution) progress(activity, status string, percent int32) {
	x.call.Host.Say(Note{Stream: Progress, Activity: activity, Text: status, Percent: percent})
}

// confirmed is ShouldProcess: it says whether to go on with a target.
func (x *execution) confirmed(target string) (bool, *psrp.RemoteError) {
	operation := fmt.Sprintf("Performing the operation \"%s\" on target \"%s\".", x.def.name, target)
	if x.def.confirm != "" {
		operation = fmt.Sprintf(x.def.confirm, target)
	}
	if x.args.on("WhatIf") {
		x.call.Host.Say(Note{Stream: WhatIf, Text: operation})
		return false, nil
	}
	wanted := x.def.impact == asks && !x.args.on("Force")
	if x.args.has("Confirm") {
		wanted = x.args.on("Confirm")
	}
	switch {
	case !wanted || x.answers.yesToAll:
		return true, nil
	case x.answers.noToAll:
		return false, nil
	}
	answer, problem := x.call.Host.Ask(Question{Caption: "Confirm", Message: "Are you sure you want to perform this action?\n" + operation})
	if problem != nil {
		return false, problem
	}
	n, _ := plainValue(answer).(int64)
	x.answers.yesToAll, x.answers.noToAll = n == 1, n == 3
	return n <= 1, nil
}
