using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Updating;

/// <summary>Where an image's file comes from.</summary>
internal interface IImageSource
{
    /// <summary>Fetches the file; what was fetched of it before is not fetched again.</summary>
    /// <param name="spec">The image.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="onProgress">Hears how many bytes are there.</param>
    /// <param name="cancellationToken">Gives up; what came stays.</param>
    /// <exception cref="IOException">It did not come whole.</exception>
    Task FetchAsync(ImageSpec spec, string path, Action<long> onProgress, CancellationToken cancellationToken);
}
