namespace VSan.UnitAgent;

/// <summary>The agent cannot go on, and a person has to do something: one sentence with the next action, and the process's exit code.</summary>
internal sealed class UnitFailure(ExitCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    public ExitCode Code { get; } = code;
}

/// <summary>Why the process ended.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>A store, the state directory or a file of it is unusable.</summary>
    Unusable = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>The station is not the one whose CA was pinned.</summary>
    WrongAuthority = 3,

    /// <summary>The station refused the enrolment token.</summary>
    TokenRefused = 4,

    /// <summary>The station refused this unit for another reason.</summary>
    EnrolmentRefused = 5,

    /// <summary>The machine has other addresses than the agent began with: it is to be started again.</summary>
    AddressChanged = 6,
}
