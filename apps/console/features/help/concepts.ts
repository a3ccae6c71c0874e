/** What a room of the console is about, each in two sentences: what it is, and why it matters. */
export interface Concept {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** Other words under which people look for it. */
  readonly words: string;
}

export const concepts: readonly Concept[] = [
  {
    id: 'asset',
    name: 'Asset',
    words: 'inventory thing server certificate key endpoint',
    text: 'An asset is something that uses cryptography: a TLS endpoint, a certificate, a data store, an API or a token issuer. It carries what was seen of it, what it is worth and what protects it, so that the most urgent one can be found.',
  },
  {
    id: 'finding',
    name: 'Finding',
    words: 'weakness problem vulnerability rsa',
    text: 'A finding is one weakness that a scan has seen, such as a key exchange that a quantum computer will break. It stays open until a later scan no longer sees it or somebody accepts it with a reason and an end.',
  },
  {
    id: 'evidence',
    name: 'Evidence',
    words: 'observation scan raw handshake',
    text: 'Evidence is what a scan really saw: the handshake, the certificate, the parameters, with time and place. Every score and finding can be traced back to it.',
  },
  {
    id: 'risk-score',
    name: 'Risk score',
    words: 'priority band critical high urgent first',
    text: 'The risk score puts assets in the order in which they should be protected, from how weak their cryptography is, how exposed they are and how long their data must stay secret. Its parts are listed with the asset, so the number can be checked.',
  },
  {
    id: 'quantum-readiness',
    name: 'Quantum readiness',
    words: 'vulnerable safe partial shor post-quantum migration burn-down',
    text: 'Quantum readiness says what a quantum computer would do to an asset: one that is vulnerable falls, and of one that is safe but for signatures, what is recorded today stays secret. The burn-down shows day by day how many are still vulnerable.',
  },
  {
    id: 'sensitivity',
    name: 'Sensitivity and secrecy time',
    words: 'classification worth confidential years harvest now decrypt later',
    text: 'How bad it would be if the data were read, and for how many years it must not be. Whoever records traffic today can decrypt it once quantum computers are there, so long secrecy makes an old key exchange urgent now.',
  },
  {
    id: 'hybrid',
    name: 'Hybrid',
    words: 'x25519 ml-kem post-quantum pqc classical combined',
    text: 'A hybrid combines a classical algorithm with a post-quantum one, such as X25519 with ML-KEM. It stays safe as long as one of the two is unbroken.',
  },
  {
    id: 'scan',
    name: 'Scan',
    words: 'discover tls probe network',
    text: 'A scan looks at endpoints, files or captures and records which cryptography they really use. It changes nothing on what it looks at.',
  },
  {
    id: 'schedule',
    name: 'Schedule',
    words: 'repeat recurring daily cron',
    text: 'A schedule repeats a scan at set times. What has changed since the last one becomes a finding, or closes one.',
  },
  {
    id: 'policy',
    name: 'Policy',
    words: 'protection rule target algorithm',
    text: 'A policy says which protection an asset should have: algorithms, lifetimes and where keys live. Applied to an asset it becomes a job, and a simulation shows beforehand what that job would do.',
  },
  {
    id: 'simulation',
    name: 'Simulation',
    words: 'dry run preview try before',
    text: 'A simulation computes what a policy would change on which assets, and changes nothing. What it cannot do yet is named instead of being left out.',
  },
  {
    id: 'data-key',
    name: 'Data key',
    words: 'encryption envelope wrap unwrap secret',
    text: 'A data key encrypts the data of one asset and is itself kept encrypted under a key that never leaves the seal. Handing one out is recorded, because whoever has it can read that data.',
  },
  {
    id: 'before-after',
    name: 'Before and after',
    words: 'protected compare difference',
    text: 'For a protected asset the console sets what was seen before beside what is seen now. Only a new scan, and no promise, turns the after side green.',
  },
  {
    id: 'job',
    name: 'Job',
    words: 'work background progress running',
    text: 'A job is work that takes longer than a request: a scan, a protection, an undo. It goes on when you close the page, and can be watched and cancelled.',
  },
  {
    id: 'undo',
    name: 'Undo',
    words: 'take back revert rollback',
    text: 'Where the product can take something back, an undo is offered: it withdraws what a job made and puts back what was there. It is a job of its own and recorded like any other.',
  },
  {
    id: 'approval',
    name: 'Approval',
    words: 'second person four eyes quorum m-of-n',
    text: 'What is under approval is not done when it is asked for: it waits until enough other people have approved it. Nobody approves a request of their own.',
  },
  {
    id: 'plan-hash',
    name: 'Plan hash',
    words: 'exact fingerprint sha',
    text: 'The plan hash is the fingerprint of the exact plan that approvers see. If anything about the plan changes, the hash does too and the approvals no longer count.',
  },
  {
    id: 'quorum',
    name: 'Quorum',
    words: 'how many approvers people needed',
    text: 'The quorum is how many different people must approve an operation. A policy that nobody could ever satisfy, or lift again, is refused.',
  },
  {
    id: 'audit-event',
    name: 'Audit event',
    words: 'log entry who did what record history',
    text: 'Every change is recorded as an event: who, what, when and with which outcome, in the same transaction as the change. Events can be neither edited nor deleted.',
  },
  {
    id: 'checkpoint',
    name: 'Checkpoint',
    words: 'tree head signed root log',
    text: 'A checkpoint is the signed summary of the whole audit log at one moment. Two checkpoints that do not fit together prove that somebody has changed the log.',
  },
  {
    id: 'inclusion-proof',
    name: 'Inclusion proof',
    words: 'merkle verify evidence tamper',
    text: 'An inclusion proof shows by a few hashes that an event is in the log of a checkpoint, exactly as it is displayed. Your browser computes it itself, so you need not believe the server.',
  },
  {
    id: 'role',
    name: 'Role',
    words: 'permissions rights group admin',
    text: 'A role is a named set of permissions, such as auditor. It does nothing by itself: a grant gives it to somebody.',
  },
  {
    id: 'permission',
    name: 'Permission',
    words: 'right may allowed verb',
    text: 'A permission allows one kind of thing, named by noun and verb such as asset.scan. The server checks it at every request; the console only leaves out what it would refuse.',
  },
  {
    id: 'grant',
    name: 'Grant',
    words: 'give role assign access until',
    text: 'A grant gives a role to somebody: in the whole organization or on a part of it, for good or for a time. It counts from the next request on, and ends by itself when its time is over.',
  },
  {
    id: 'denial',
    name: 'Denial',
    words: 'deny forbid block exclude',
    text: 'A denial takes a role away, whatever else was granted: it always wins. What every member may, such as seeing why something is refused, no denial takes away.',
  },
  {
    id: 'condition',
    name: 'Condition',
    words: 'rule network country hours device purpose',
    text: 'A condition limits when a grant counts: from which networks, at which hours, with which device or how fresh a second factor. What is not known about a request counts as not met.',
  },
  {
    id: 'explain',
    name: 'Explain',
    words: 'why not refused allowed reason',
    text: 'Explain shows the decision about a permission as the server makes it, with every grant that was looked at and what each lacked. It answers both why somebody may and why somebody may not.',
  },
  {
    id: 'offboarding',
    name: 'Off-boarding',
    words: 'leave leaving remove person suspend',
    text: 'Off-boarding ends everything of a person at once and for good: sessions, keys, grants and approvals. It lists what that person has seen, since what was seen must be rotated.',
  },
  {
    id: 'invitation',
    name: 'Invitation',
    words: 'invite join link new',
    text: 'An invitation is a link that is shown once and makes whoever opens it a member. It ends after some days, and can be cancelled or renewed.',
  },
  {
    id: 'temporary-access',
    name: 'Temporary access',
    words: 'request time limited elevate',
    text: 'Who needs a role for a while asks for it with a reason, and somebody else decides. It begins with the approval and ends by itself.',
  },
  {
    id: 'break-glass',
    name: 'Break-glass',
    words: 'emergency incident urgent',
    text: 'In an emergency a role can be taken at once, without waiting for approval. Every administrator is told, and one of them must review it afterwards.',
  },
  {
    id: 'environment',
    name: 'Environment, project, service',
    words: 'place tree hierarchy organization production',
    text: 'An organization is divided into environments, these into projects, and these into services. A grant or key on one level holds there and on everything below it.',
  },
  {
    id: 'service-account',
    name: 'Service account',
    words: 'machine program bot technical user',
    text: 'A service account is a program that acts in its own name, with a person who answers for it. It holds grants like a person and signs in with API keys or certificates.',
  },
  {
    id: 'device',
    name: 'Device',
    words: 'enrol host key machine',
    text: 'An enrolled device has a key that never leaves it, and proves it with each request. Grants can demand it, so that a stolen password alone is worth nothing.',
  },
  {
    id: 'api-key',
    name: 'API key',
    words: 'token secret program rotate replace',
    text: 'An API key lets a program do what its owner may, within its limits: rights, place, networks and an end. Its secret is shown once; the server keeps only what it needs to recognise it.',
  },
  {
    id: 'passkey',
    name: 'Passkey',
    words: 'webauthn fido fingerprint security key second factor',
    text: 'A passkey signs you in with your finger, face or device PIN, and works only at the address that it was made for. A false page gets nothing from it, so it is the safest way in.',
  },
  {
    id: 'one-time-code',
    name: 'One-time code',
    words: 'totp authenticator app six digits',
    text: 'An authenticator app shows six digits that change every half minute, from a secret that only it and the server have. Each code is good once.',
  },
  {
    id: 'recovery-code',
    name: 'Recovery code',
    words: 'lost phone backup',
    text: 'A recovery code lets you in once when your other factors are lost. Keep them where your telephone is not; new ones void the old ones.',
  },
  {
    id: 'step-up',
    name: 'Step-up',
    words: 'fresh proof again password confirm',
    text: 'What is dangerous asks you to prove again that it is you, with a second factor or else your password. A session that somebody else got hold of is then not enough.',
  },
  {
    id: 'session',
    name: 'Session',
    words: 'signed in browser end idle',
    text: 'A session is one browser or program in which you are signed in. It ends when it is idle for long, after some hours in any case, or when you end it.',
  },
  {
    id: 'lockout',
    name: 'Lock after failed sign-ins',
    words: 'brute force guessing attempts',
    text: 'After some failed sign-ins an identity is locked for a time that doubles with each further lock. Guessing becomes hopeless, and nobody can be kept out for good.',
  },
  {
    id: 'seal',
    name: 'Seal',
    words: 'unseal master key root',
    text: 'The seal protects the key under which all other keys are encrypted. While the server is sealed it can decrypt nothing, and neither can whoever has its disk.',
  },
  {
    id: 'health',
    name: 'Health',
    words: 'status degraded unavailable version memory',
    text: 'The server says of each of its parts whether it is well and, if not, what is wrong. Degraded means that it works and that something needs care.',
  },
];
