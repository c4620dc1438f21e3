using VSan.Images;
using VSan.Station.Execution;

namespace VSan.Station.Images;

/// <summary>
/// The images' files, in the folder <c>images</c> of the state directory, each named after its digest. What is received lies aside until its
/// signature was checked; what is found aside at the start was cut off, and goes.
/// </summary>
internal sealed class ImageFiles
{
    private const string FolderName = "images";
    private const string Incoming = "incoming-";
    private const int DigestLength = 64;
    private const int ChunkBytes = 128 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;
    private readonly ImageSigners _signers;

    /// <param name="statePath">The station's state directory.</param>
    /// <param name="signers">Whose images are believed.</param>
    public ImageFiles(string statePath, ImageSigners signers)
    {
        _folder = Path.Combine(statePath, FolderName);
        _signers = signers;
        Directory.CreateDirectory(_folder, OwnerOnly);
        foreach (string cutOff in Directory.EnumerateFiles(_folder, $"{Incoming}*")) File.Delete(cutOff);
    }

    /// <summary>True when a text can be a digest, and so part of a file's name.</summary>
    public static bool IsDigest(string text) => text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The file of a digest; null when there is none.</summary>
    public string? Find(string digest) => IsDigest(digest) && PathOf(digest) is var path && File.Exists(path) ? path : null;

    /// <summary>Receives a file; it is kept when it is the one that was announced and somebody who is believed signed it.</summary>
    /// <exception cref="ProblemException">It is not; nothing is kept.</exception>
    public async Task<ImageFile> ReceiveAsync(Stream body, string digest, CancellationToken cancellationToken)
    {
        if (_signers.IsEmpty) throw new ProblemException("image-signer-unknown", "This station was not told whose images it is to believe.", "Start it with --image-signers FILE, the certificates that sign the appliance's releases.");
        string aside = Path.Combine(_folder, $"{Incoming}{Guid.NewGuid():N}");
        try
        {
            ImageFile image;
            await using (FileStream file = new(aside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                await CopyAsync(body, file, cancellationToken);
                image = ImageFile.Inspect(file, _signers);
                if (image.Digest != digest) throw new ImageRefusedException($"Its digest is {image.Digest}, not {digest}: it was changed on its way.");
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, PathOf(digest), overwrite: true);
            return image;
        }
        catch (ImageRefusedException refusal)
        {
            throw new ProblemException("image-refused", refusal.Message, "Compare the file's digest with that of the release; it is vsan-appliance.efi of './dev image'.");
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Removes the file of a digest.</summary>
    public void Remove(string digest) => File.Delete(PathOf(digest));

    private static async Task CopyAsync(Stream body, FileStream file, CancellationToken cancellationToken)
    {
        byte[] chunk = new byte[ChunkBytes];
        for (int read; (read = await body.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (file.Length + read > ImageFile.SizeBytesMax) throw new ImageRefusedException($"It has more than {ImageFile.SizeBytesMax} bytes.");
            await file.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
        }
    }

    private string PathOf(string digest) => Path.Combine(_folder, $"{digest}.efi");
}
