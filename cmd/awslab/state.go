package main

import (
	"errors"

	"awslab/runner/emulator"
	"awslab/runner/journal"
	"awslab/runner/text"
)

// emulatorProblem says in two lines why an emulator cannot take up its state.
func emulatorProblem(dir string, err error) error {
	args := text.Args{"dir": dir}
	var damaged *journal.DamagedError
	var newer *journal.VersionError
	var differs *emulator.ReplayError
	var logEvents *emulator.LogEventsError
	switch {
	case errors.As(err, &damaged):
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.JournalDamaged }, Args: args, Err: err}
	case errors.As(err, &logEvents):
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.JournalDamaged }, Args: args, Err: err}
	case errors.As(err, &newer):
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.JournalNewer }, Args: args, Err: err}
	case errors.As(err, &differs):
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.JournalDiffers }, Args: args, Err: err}
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeUnusable }, Args: args, Err: err}
}

// setAside moves the emulator's state out of the way; nothing is deleted.
func (a *app) setAside(dir string) error {
	moved, err := journal.SetAside(dir, a.now())
	if err != nil {
		return emulatorProblem(dir, err)
	}
	if moved != "" {
		a.notice(text.Notice{Says: func(n *text.Notices) string { return n.SetAside }, Args: text.Args{"dir": moved}})
	}
	return nil
}
