namespace VSan.Tests.Proof.Flips;

/// <summary>What the proxy does to a connection.</summary>
internal enum Fault
{
    /// <summary>Changes one bit.</summary>
    BitFlip,

    /// <summary>Swallows some bytes.</summary>
    Drop,

    /// <summary>Holds everything back for a while.</summary>
    Delay,

    /// <summary>Ends it with a TCP reset.</summary>
    Reset,

    /// <summary>Says nothing more in either direction, and does not end it.</summary>
    HalfOpen,

    /// <summary>Lets one byte a second through.</summary>
    Trickle,
}
