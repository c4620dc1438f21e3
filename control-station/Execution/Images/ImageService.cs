using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Versions of the appliance's image that the station keeps. The files are another's; here is what is known of them.</summary>
public sealed class ImageService
{
    private readonly Ledger _ledger;

    internal ImageService(Ledger ledger) => _ledger = ledger;

    /// <summary>One page of images.</summary>
    public Task<ImagePage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Image> items, string? next) = transaction.List(caller, "image.read", query, Lookups.ImageVersion, View);
                return new ImagePage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Image> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "image.read", $"image/{id}", transaction => View(transaction.Require<ApplianceImage>(id, "image")), cancellationToken);
    }

    /// <summary>Notes an image whose file was checked and is kept. The same file again is the same image.</summary>
    /// <param name="caller">Who adds it.</param>
    /// <param name="version">Its version.</param>
    /// <param name="digest">SHA-256 of the file.</param>
    /// <param name="sizeBytes">The file's length.</param>
    /// <param name="signer">Who signed it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Image> AddAsync(Caller caller, string version, string digest, long sizeBytes, string signer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.MutateAsync(
            caller,
            "image.add",
            $"image/{version}",
            (transaction, now) =>
            {
                ITable<ApplianceImage> images = transaction.Table<ApplianceImage>();
                if (images.Where(Lookups.ImageDigest, digest) is [var known]) return View(known);
                if (images.Where(Lookups.ImageVersion, version) is [_])
                    throw new ProblemException("image-version-taken", $"There is a version {version} already, with another content.", "Remove it first if it is not used, or give the new one a version of its own.");
                ApplianceImage image = images.Insert(new ApplianceImage(transaction.NewId(now), version, digest, sizeBytes, signer, caller.Name, now));
                transaction.AppendEvent(now, "image.added", $"image/{image.Id}", $"{caller.Name} added version {version} of the appliance, signed by {signer}.");
                return View(image);
            },
            cancellationToken);
    }

    /// <summary>Forgets an image that no unit is on its way to; returns what it was, null when there is none.</summary>
    public Task<Image?> RemoveAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.MutateAsync<Image?>(
            caller,
            "image.remove",
            $"image/{id}",
            (transaction, now) =>
            {
                ApplianceImage image = transaction.Require<ApplianceImage>(id, "image");
                if (transaction.Table<UnitUpdate>().CountWhere(Lookups.UpdateImage, id.ToString()) is > 0 and int count)
                    throw new ProblemException("image-in-use", $"{count} units are being updated to version {image.Version}.", "Await their updates, or cancel them.");
                transaction.Table<ApplianceImage>().Delete(id);
                transaction.AppendEvent(now, "image.removed", $"image/{id}", $"{caller.Name} removed version {image.Version} of the appliance.");
                return View(image);
            },
            cancellationToken);
    }

    private static Image View(ApplianceImage image) => new(image.Id, image.Version, image.Digest, image.SizeBytes, image.Signer, image.AddedBy, image.AddedAt);
}
