namespace VSan.Tests.Fuzz.Grammar;

/// <summary>What a run is about.</summary>
internal enum FuzzTarget
{
    /// <summary>All grammars, against the protocol code in this process.</summary>
    InProcess,

    /// <summary>PDUs of a session and their order.</summary>
    Pdu,

    /// <summary>Logins and text negotiations.</summary>
    Text,

    /// <summary>Commands and their parameter lists.</summary>
    Cdb,

    /// <summary>All grammars, against the block server as a process, over TCP.</summary>
    Sockets,
}
