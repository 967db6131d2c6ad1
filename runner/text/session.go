package text

// Session holds what a session tells beside findings.
type Session struct {
	MadeBy          string // why a lookup's variable has no value
	MadeByLesson    string // the same, where another lesson gives it one
	Deleted         string
	LeftAlone       string
	StillThere      string
	NothingToDelete string
	Behind          string // of a step that is done, and whose checks do not pass any more
	Preparing       string // before a lesson on which another builds is done
	BuiltOn         string // before what later lessons build on is taken away
	Restored        string // before awslab does a step with the lesson's own file
	OutOfReach      string // why a lesson's curl, aws or check did not connect
}

func englishSession() Session {
	return Session{
		MadeBy:          "the step “{title}” ({step}) makes it",
		MadeByLesson:    "the lesson {lesson} makes it, in its step “{title}” ({step})",
		Deleted:         "deleted {resource}",
		LeftAlone:       "left alone: {resource}, which awslab did not create",
		StillThere:      "still there: {resource}: {why}",
		NothingToDelete: "nothing to delete: the ledger owns nothing here",
		Behind:          "done before; later steps have changed what it made",
		Preparing:       "this lesson builds on “{title}” ({lesson}), which is not there: doing that first",
		BuiltOn:         "“{title}” ({lesson}) builds on what is deleted here; awslab can make it again for that",
		Restored:        "{file} is as the lesson has it again; what you wrote is in {file}.mine",
		OutOfReach:      "{host} is out of reach: a lesson reaches only {where}",
	}
}
