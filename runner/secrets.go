package runner

import (
	"slices"

	"awslab/runner/lesson"
	"awslab/runner/secret"
)

// secret gives a secret of the lesson. The seed of a home that cannot be used
// stops what needs a secret, and nothing else.
func (s *Session) secret(name string) (value string, ok bool, err error) {
	i := slices.IndexFunc(s.lesson.Secrets, func(one lesson.Secret) bool { return one.Name == name })
	if i < 0 {
		return "", false, nil
	}
	value, err = s.lab.secret(s.lesson, s.lesson.Secrets[i])
	return value, err == nil, err
}

func (l *Lab) secret(les *lesson.Lesson, one lesson.Secret) (string, error) {
	seed, err := l.secretSeed()
	if err != nil {
		return "", err
	}
	return seed.Value(secret.Name{Course: l.cfg.Course.ID, Lesson: les.ID, Variable: one.Name}, one.Bytes, one.Encoding)
}

// secretSeed is the student's. It is read when the first lesson needs it; a
// student may mend its file meanwhile.
func (l *Lab) secretSeed() (secret.Seed, error) {
	l.seeding.Lock()
	defer l.seeding.Unlock()
	if l.seed == nil {
		seed, err := secret.Open(l.cfg.Home, l.cfg.Random)
		if err != nil {
			return secret.Seed{}, err
		}
		l.seed = &seed
	}
	return *l.seed, nil
}

// mask hides what awslab never shows: the emulator's secret key, and the secrets
// of all lessons, for one lesson's prompt reaches what another one made.
func (l *Lab) mask() *secret.Mask {
	l.masking.Lock()
	defer l.masking.Unlock()
	if l.masked != nil {
		return l.masked
	}
	var values []string
	if home := l.cfg.Target.Home(); home != nil {
		values = append(values, home.Credentials().SecretAccessKey)
	}
	whole := true
	for _, les := range l.cfg.Course.Lessons {
		for _, one := range les.Secrets {
			value, err := l.secret(les, one)
			if err != nil { // it stands nowhere yet
				whole = false
				continue
			}
			values = append(values, value)
		}
	}
	mask := secret.NewMask(values...)
	if whole {
		l.masked = mask
	}
	return mask
}

// hide is the mask of what awslab itself says of the cloud: findings, evidence,
// traces. Tokens lose their signatures there. What the student's own commands
// print keeps them.
func (l *Lab) hide(text string) string { return secret.Tokens(l.mask().Text(text)) }
