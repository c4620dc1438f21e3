namespace VSan.Station.Execution;

/// <summary>What a caller may do; each role may do what the one before it may.</summary>
public enum CallerRole
{
    /// <summary>Looks.</summary>
    Viewer,

    /// <summary>Makes and maps volumes.</summary>
    Operator,

    /// <summary>Everything: admits units, makes tokens.</summary>
    Administrator,
}
