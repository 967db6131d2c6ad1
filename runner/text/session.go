package text

// Session holds what a session tells beside findings.
type Session struct {
	MadeBy          string // why a lookup's variable has no value
	Deleted         string
	LeftAlone       string
	StillThere      string
	NothingToDelete string
	OutOfReach      string // why a lesson's curl, aws or check did not connect
}

func englishSession() Session {
	return Session{
		MadeBy:          "the step “{title}” ({step}) makes it",
		Deleted:         "deleted {resource}",
		LeftAlone:       "left alone: {resource}, which awslab did not create",
		StillThere:      "still there: {resource}: {why}",
		NothingToDelete: "nothing to delete: the ledger owns nothing here",
		OutOfReach:      "{host} is out of reach: a lesson reaches only {where}",
	}
}
