namespace VSan.Scsi;

/// <summary>Asymmetric access states of a target port group (SPC-4), by their codes.</summary>
public enum AsymmetricAccessState : byte
{
    /// <summary>The path to take.</summary>
    ActiveOptimized = 0x0,

    /// <summary>Works as well, and is to be taken when no optimized one does.</summary>
    ActiveNonOptimized = 0x1,

    /// <summary>Answers questions about itself and keeps reservations, but moves no blocks.</summary>
    Standby = 0x2,

    /// <summary>Answers little more than what it is.</summary>
    Unavailable = 0x3,

    /// <summary>On the way to another state: try again.</summary>
    Transitioning = 0xF,
}

/// <summary>A port of the target, which is a target port group of its own.</summary>
/// <param name="Identifier">Relative target port identifier, 1 and up.</param>
/// <param name="State">How the logical units are reached through it.</param>
public sealed record TargetPort(ushort Identifier, AsymmetricAccessState State = AsymmetricAccessState.ActiveOptimized);
