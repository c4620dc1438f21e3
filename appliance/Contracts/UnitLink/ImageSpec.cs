using System.Text.Json.Serialization;

namespace VSan.Contracts.UnitLink;

/// <summary>
/// The image that a unit is to be started with. It fetches the file from the station (<c>GET /link/v1/images/{digest}</c>, with its own
/// certificate), puts it beside the one that runs, and starts it when it is told to.
/// </summary>
/// <param name="Version">Version of the image.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hexadecimal.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Restart">True: the unit starts again with it as soon as it is in its place.</param>
public sealed record ImageSpec(string Version, string Digest, long SizeBytes, bool Restart);

/// <summary>The image that a unit runs.</summary>
/// <param name="Version">Its version.</param>
/// <param name="OnTrial">True: it was started to be tried, and is not blessed yet.</param>
/// <param name="NotUpdatable">Why the unit cannot be given another version, for a person; null when it can.</param>
public sealed record ImageInventory(string Version, bool OnTrial, string? NotUpdatable);

/// <summary>How far a unit is with the image that it is to be started with.</summary>
/// <param name="Version">The version that is wanted.</param>
/// <param name="Running">The version that runs.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="DoneBytes">Bytes that are fetched.</param>
/// <param name="Trouble">What keeps it, for a person; it is tried again. Null while it goes on.</param>
public sealed record ImageFact(string Version, string Running, ImagePhase Phase, long DoneBytes, string? Trouble);

/// <summary>
/// How far a unit is with an image.
/// <code>
///   Fetching ──► Staged ──restart──► OnTrial ──healthy──► Running
///      │                                └── not healthy, three times ──► FellBack
///      └── not what it should be ──► Refused
/// </code>
/// </summary>
[JsonConverter(typeof(WireEnumConverter<ImagePhase>))]
public enum ImagePhase
{
    /// <summary>The file is fetched, checked and put on the boot disk.</summary>
    Fetching,

    /// <summary>It lies on the boot disk and is tried at the next start.</summary>
    Staged,

    /// <summary>It runs, and is not known to be healthy yet.</summary>
    OnTrial,

    /// <summary>It runs and was healthy: the boot loader starts it from now on.</summary>
    Running,

    /// <summary>It was started as often as may be and was never healthy; the version before runs.</summary>
    FellBack,

    /// <summary>The file is not what the station said, or nobody who is believed signed it. It was thrown away.</summary>
    Refused,
}
