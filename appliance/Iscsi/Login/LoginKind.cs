namespace VSan.Iscsi.Login;

/// <summary>What a login is for; it decides which keys are relevant (RFC 7143, 13, "Use").</summary>
internal enum LoginKind
{
    /// <summary>The first connection of a session that moves data.</summary>
    Leading,

    /// <summary>One more connection of such a session: what is agreed for the whole session stands.</summary>
    Joining,

    /// <summary>A discovery session, which has one connection and moves no data.</summary>
    Discovery,
}
