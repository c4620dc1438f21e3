namespace VSan.Volumes;

/// <summary>What a <see cref="FileOperation"/> is doing; the drawing is there.</summary>
internal enum FilePhase
{
    /// <summary>Moves the request's data.</summary>
    Transfer,

    /// <summary>Writes zeroes before the aligned part.</summary>
    Head,

    /// <summary>Zeroes the aligned part by fallocate.</summary>
    Middle,

    /// <summary>Writes zeroes behind the aligned part.</summary>
    Tail,

    /// <summary>fdatasync.</summary>
    Sync,
}
