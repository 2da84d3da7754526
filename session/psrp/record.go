package psrp

import (
	"strings"

	"postroom/session/clixml"
)

// readError reads an error record (MS-PSRP 2.2.3.15). nil for a null.
func readError(v clixml.Value) *RemoteError {
	if v == nil {
		return nil
	}
	o, ok := v.(*clixml.Object)
	if !ok {
		return &RemoteError{Message: display(v)}
	}
	e := &RemoteError{
		FullyQualifiedID:   getText(o, "FullyQualifiedErrorId"),
		Category:           getInt32(o, "ErrorCategory_Category", 0),
		CategoryReason:     getText(o, "ErrorCategory_Reason"),
		CategoryActivity:   getText(o, "ErrorCategory_Activity"),
		CategoryTarget:     getText(o, "ErrorCategory_TargetName"),
		CategoryTargetType: getText(o, "ErrorCategory_TargetType"),
		CategoryText:       getText(o, "ErrorCategory_Message"),
		Details:            getText(o, "ErrorDetails_Message"),
		RecommendedAction:  getText(o, "ErrorDetails_RecommendedAction"),
		StackTrace:         getText(o, "ErrorDetails_ScriptStackTrace"),
		Target:             getText(o, "TargetObject"),
		Value:              o,
	}
	exception := get(o, "Exception")
	e.ExceptionText = display(exception)
	if x, ok := exception.(*clixml.Object); ok {
		e.Message = getText(x, "Message")
		e.ExceptionType = strings.TrimPrefix(firstType(x), "Deserialized.")
	}
	if e.Message == "" && o.HasToString {
		e.Message = o.ToString
	}
	if e.Message == "" {
		// Some servers send a bare exception in the place of a record.
		e.Message = getText(o, "Message")
	}
	return e
}

// writeError makes an error record.
func writeError(e *RemoteError) clixml.Value {
	if e == nil {
		return nil
	}
	if e.Value != nil {
		return e.Value
	}
	exceptionType := e.ExceptionType
	if exceptionType == "" {
		exceptionType = "System.Management.Automation.RemoteException"
	}
	types := []string{exceptionType}
	if exceptionType != "System.Exception" {
		types = append(types, "System.Exception")
	}
	text := e.ExceptionText
	if text == "" {
		text = exceptionType + ": " + e.Message
	}
	exception := &clixml.Object{
		Types:    append(types, "System.Object"),
		ToString: text, HasToString: true,
		Adapted: []clixml.Property{
			prop("TargetSite", nil), prop("Message", e.Message),
			prop("Data", &clixml.Object{Types: []string{"System.Collections.ListDictionaryInternal", "System.Object"}, Kind: clixml.Dictionary}),
			prop("InnerException", nil), prop("HelpLink", nil), prop("Source", nil),
			prop("HResult", int32(-2146233087)), prop("StackTrace", nil),
		},
	}
	var target clixml.Value
	if e.Target != "" {
		target = e.Target
	}
	o := &clixml.Object{
		Types:    []string{"System.Management.Automation.ErrorRecord", "System.Object"},
		ToString: e.Message, HasToString: true,
		Extended: []clixml.Property{
			prop("Exception", exception), prop("TargetObject", target),
			prop("FullyQualifiedErrorId", e.FullyQualifiedID), prop("InvocationInfo", nil),
			prop("ErrorCategory_Category", e.Category), prop("ErrorCategory_Activity", e.CategoryActivity),
			prop("ErrorCategory_Reason", e.CategoryReason), prop("ErrorCategory_TargetName", e.CategoryTarget),
			prop("ErrorCategory_TargetType", e.CategoryTargetType), prop("ErrorCategory_Message", e.CategoryText),
		},
	}
	if e.Details != "" || e.RecommendedAction != "" {
		o.Extended = append(o.Extended, prop("ErrorDetails_Message", e.Details), prop("ErrorDetails_RecommendedAction", e.RecommendedAction))
	}
	o.Extended = append(o.Extended, prop("SerializeExtendedInfo", false))
	if e.StackTrace != "" {
		o.Extended = append(o.Extended, prop("ErrorDetails_ScriptStackTrace", e.StackTrace))
	}
	return o
}

// readRecord reads a warning, verbose or debug record (MS-PSRP 2.2.3.16).
func readRecord(pipeline GUID, stream RecordStream, v clixml.Value) Record {
	r := Record{Pipeline: pipeline, Stream: stream, Text: display(v)}
	if o, ok := v.(*clixml.Object); ok {
		r.Value = o
		if message, ok := o.Get("InformationalRecord_Message"); ok {
			r.Text = display(message)
		} else if message, ok := o.Get("Message"); ok {
			r.Text = display(message)
		}
	}
	return r
}

func writeRecord(r Record) clixml.Value {
	if r.Value != nil {
		return r.Value
	}
	return &clixml.Object{
		Types: []string{
			"System.Management.Automation." + r.Stream.String() + "Record",
			"System.Management.Automation.InformationalRecord", "System.Object",
		},
		ToString: r.Text, HasToString: true,
		Extended: []clixml.Property{
			prop("InformationalRecord_Message", r.Text),
			prop("InformationalRecord_SerializeInvocationInfo", false),
		},
	}
}

// recordMessage gives the message type of a stream.
func recordMessage(s RecordStream) MessageType {
	switch s {
	case Verbose:
		return MsgVerboseRecord
	case Debug:
		return MsgDebugRecord
	}
	return MsgWarningRecord
}

// readProgress reads a progress record (MS-PSRP 2.2.2.25).
func readProgress(pipeline GUID, o *clixml.Object) Progress {
	p := Progress{
		Pipeline:         pipeline,
		Activity:         getText(o, "Activity"),
		ActivityID:       getInt32(o, "ActivityId", 0),
		ParentActivityID: getInt32(o, "ParentActivityId", -1),
		Status:           getText(o, "StatusDescription"),
		CurrentOperation: getText(o, "CurrentOperation"),
		PercentComplete:  getInt32(o, "PercentComplete", -1),
		SecondsRemaining: getInt32(o, "SecondsRemaining", -1),
		Value:            o,
	}
	kind := get(o, "Type")
	if n, ok := number(kind); ok {
		p.Completed = n == 1
	} else {
		p.Completed = display(kind) == "Completed"
	}
	return p
}

func writeProgress(p Progress) clixml.Value {
	if p.Value != nil {
		return p.Value
	}
	kind := enum("System.Management.Automation.ProgressRecordType", "Processing", 0)
	if p.Completed {
		kind = enum("System.Management.Automation.ProgressRecordType", "Completed", 1)
	}
	var operation clixml.Value
	if p.CurrentOperation != "" {
		operation = p.CurrentOperation
	}
	return bag(
		prop("Activity", p.Activity), prop("ActivityId", p.ActivityID), prop("StatusDescription", p.Status),
		prop("CurrentOperation", operation), prop("ParentActivityId", p.ParentActivityID),
		prop("PercentComplete", p.PercentComplete), prop("Type", kind), prop("SecondsRemaining", p.SecondsRemaining),
	)
}

// readInformation reads an information record (MS-PSRP 2.2.2.26).
func readInformation(pipeline GUID, o *clixml.Object) Information {
	i := Information{
		Pipeline: pipeline,
		Data:     get(o, "MessageData"),
		Source:   getText(o, "Source"),
		Tags:     texts(get(o, "Tags")),
		User:     getText(o, "User"),
		Computer: getText(o, "Computer"),
		Value:    o,
	}
	i.Text = display(i.Data)
	if data, ok := i.Data.(*clixml.Object); ok {
		if message, ok := data.Get("Message"); ok && !data.HasToString {
			i.Text = display(message)
		}
	}
	if t, ok := get(o, "TimeGenerated").(clixml.DateTime); ok {
		i.Time = t
	}
	for name, to := range map[string]*uint32{
		"ProcessId": &i.ProcessID, "NativeThreadId": &i.NativeThreadID, "ManagedThreadId": &i.ManagedThreadID,
	} {
		if n, ok := getNumber(o, name); ok {
			*to = uint32(n)
		}
	}
	return i
}

func writeInformation(i Information) clixml.Value {
	if i.Value != nil {
		return i.Value
	}
	data := i.Data
	if data == nil {
		data = i.Text
	}
	tags := make([]clixml.Value, len(i.Tags))
	for n, t := range i.Tags {
		tags[n] = t
	}
	return bag(
		prop("MessageData", data), prop("Source", i.Source), prop("TimeGenerated", i.Time),
		prop("Tags", listOf([]string{
			"System.Collections.Generic.List`1[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]",
			"System.Object",
		}, tags)),
		prop("User", i.User), prop("Computer", i.Computer), prop("ProcessId", i.ProcessID),
		prop("NativeThreadId", i.NativeThreadID), prop("ManagedThreadId", i.ManagedThreadID),
	)
}

// isHostText tells a record that Write-Host made: a host call repeats it.
func (i Information) isHostText() bool {
	for _, t := range i.Tags {
		if strings.EqualFold(t, "PSHOST") {
			return true
		}
	}
	return false
}

// readUserEvent reads USER_EVENT (MS-PSRP 2.2.2.12).
func readUserEvent(o *clixml.Object) UserEvent {
	return UserEvent{
		Identifier: getInt32(o, "PSEventArgs.EventIdentifier", 0),
		Source:     getText(o, "PSEventArgs.SourceIdentifier"),
		Time:       get(o, "PSEventArgs.TimeGenerated"),
		Sender:     get(o, "PSEventArgs.Sender"),
		Args:       get(o, "PSEventArgs.SourceArgs"),
		Data:       get(o, "PSEventArgs.MessageData"),
		Computer:   getText(o, "PSEventArgs.ComputerName"),
		RunspaceID: get(o, "PSEventArgs.RunspaceId"),
	}
}

func writeUserEvent(e UserEvent) clixml.Value {
	var computer clixml.Value
	if e.Computer != "" {
		computer = e.Computer
	}
	return bag(
		prop("PSEventArgs.EventIdentifier", e.Identifier), prop("PSEventArgs.SourceIdentifier", e.Source),
		prop("PSEventArgs.TimeGenerated", e.Time), prop("PSEventArgs.Sender", e.Sender),
		prop("PSEventArgs.SourceArgs", e.Args), prop("PSEventArgs.MessageData", e.Data),
		prop("PSEventArgs.ComputerName", computer), prop("PSEventArgs.RunspaceId", e.RunspaceID),
	)
}
