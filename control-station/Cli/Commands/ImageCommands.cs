using System.CommandLine;
using System.Security.Cryptography;
using VSan.Contracts.Enrolment;
using ApplianceImage = VSan.Contracts.Api.Image;
using ImagePage = VSan.Contracts.Api.ImagePage;

namespace VSan.Cli.Commands;

/// <summary><c>image</c>.</summary>
internal static class ImageCommands
{
    // 150 MB over a slow line, and their check.
    private static readonly TimeSpan UploadPatience = TimeSpan.FromMinutes(30);

    private static readonly Argument<string> File = new("FILE") { Description = "The appliance's kernel image, vsan-appliance.efi." };
    private static readonly Argument<string> Version = new("VERSION") { Description = "A version that the station keeps." };

    private static readonly Option<string> Image = new("--image") { Description = "The appliance's disk image, vsan-appliance.img.", HelpName = "FILE", Required = true };
    private static readonly Option<string> To = new("--to") { Description = "Where it is written: a new file, or a whole disk such as /dev/sdb.", HelpName = "FILE|DISK", Required = true };
    private static readonly Option<string?> Station = new("--station") { Description = "The station that the unit asks.", HelpName = "https://ADDR:PORT" };
    private static readonly Option<string?> Ca = new("--ca") { Description = "Fingerprint of the pool's CA; 'vsan-station init' printed it.", HelpName = "sha256:…" };
    private static readonly Option<string?> TokenFile = new("--token-file") { Description = "File with an enrolment token (vsan token create); without one a person approves the unit.", HelpName = "FILE" };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "What the target holds may be lost. A disk that is in use is refused all the same." };

    // Of a file that zstd made (RFC 8878, 3.1.1).
    private static readonly byte[] Compressed = [0x28, 0xB5, 0x2F, 0xFD];

    private static readonly Noun<ApplianceImage, ImagePage> Images = new(
        "image", "images", p => p.Items, p => p.NextCursor, items => new ImagePage(items, null), i => i.Id.ToString(), i => i.Version,
        [
            new("VERSION", i => i.Version),
            new("SIZE", i => ByteSize.Format(i.SizeBytes), Numeric: true),
            new("SIGNED BY", i => i.Signer),
            new("ADDED", i => Text.Of(i.AddedAt)),
            new("ADDED BY", i => i.AddedBy, WideOnly: true),
            new("DIGEST", i => $"sha256:{i.Digest}", WideOnly: true),
            new("ID", i => i.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("image", "Versions of the appliance's image.")
    {
        run.OwnMachineCommand("add", """
            Give the station a version of the appliance, for updates. It is kept only when somebody whom the station believes signed it.

            Example:
              vsan image add vsan-appliance.efi
            """, AddAsync, File),
        run.Command("list", "List the versions that the station keeps.", ListAsync),
        run.Command("show", "Show one version.", ShowAsync, Version),
        run.Command("remove", "Remove a version from the station. Units that run it are not touched.", RemoveAsync, Version),
        run.OwnMachineCommand("flash", """
            Write the appliance's image to a disk or a file, with the station that its unit is to ask.

            Nothing is asked of the station. A mounted disk, or one that RAID, LVM or encryption uses, is refused; one that holds something is refused
            without --overwrite.

            Examples:
              vsan image flash --image vsan-appliance.img --to /dev/sdb --station https://10.0.0.2:8443 --ca sha256:… --token-file token
              vsan image flash --image vsan-appliance.img --to rack-7.img --station https://10.0.0.2:8443 --ca sha256:…
            """, FlashAsync, Image, To, Station, Ca, TokenFile, Overwrite),
    });

    private static async Task AddAsync(Invocation invocation)
    {
        string path = invocation.Get(File)!;
        if (!System.IO.File.Exists(path)) throw new CommandFailure(ExitCode.Usage, $"There is no file {path}.", "Make an image with './dev image'.");
        FileStream file = System.IO.File.OpenRead(path);
        string digest;
        await using (file.ConfigureAwait(false)) digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, invocation.Cancellation).ConfigureAwait(false));
        ApplianceImage added = await invocation.Api.PutFileAsync<ApplianceImage>($"images/{digest}", path, UploadPatience, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Version {added.Version} is kept, signed by {added.Signer}.");
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Images, await invocation.Api.ListByNameAsync(Images, invocation.Cancellation).ConfigureAwait(false));

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(Images, await FindAsync(invocation).ConfigureAwait(false));

    private static async Task RemoveAsync(Invocation invocation)
    {
        ApplianceImage image = await FindAsync(invocation).ConfigureAwait(false);
        await invocation.Api.DeleteAsync($"images/{image.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Version {image.Version} is removed.");
    }

    private static Task<ApplianceImage> FindAsync(Invocation invocation) => invocation.FindAsync(Images, invocation.Get(Version)!);

    private static async Task FlashAsync(Invocation invocation)
    {
        byte[] configuration = await ConfigurationAsync(invocation).ConfigureAwait(false);
        string path = invocation.Get(Image)!;
        if (!System.IO.File.Exists(path)) throw new CommandFailure(ExitCode.Usage, $"There is no file {path}.", "Make an image with './dev image'.");
        FileStream image = System.IO.File.OpenRead(path);
        await using (image.ConfigureAwait(false))
        {
            byte[] beginning = new byte[Compressed.Length];
            int read = image.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
            if (beginning.AsSpan(0, read).SequenceEqual(Compressed)) throw new CommandFailure(ExitCode.Usage, $"{path} is compressed.", $"Unpack it first: zstd -d {path}");
            long room = await ImageCopy.FindRoomAsync(image, invocation.Cancellation).ConfigureAwait(false);
            ImageTarget target = ImageTarget.Of(invocation.Get(To)!);
            target.Check(image.Length, invocation.Get(Overwrite));
            FileStream written = target.Open();
            await using (written.ConfigureAwait(false))
                await ImageCopy.WriteAsync(image, written, skipsZeroes: !target.IsDisk, room, configuration, invocation.Cancellation).ConfigureAwait(false);
            invocation.Output.WriteSentence($"{path} is written to {target.Path}.");
        }
    }

    private static async Task<byte[]> ConfigurationAsync(Invocation invocation)
    {
        Uri? station = null;
        if (invocation.Get(Station) is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out station) && station.Scheme == Uri.UriSchemeHttps))
            throw new CommandFailure(ExitCode.Usage, $"--station {address} is no address of a station.", "Give it as https://ADDR:PORT.");
        CaFingerprint? authority = null;
        if (invocation.Get(Ca) is { } text && !CaFingerprint.TryParse(text, out authority))
            throw new CommandFailure(ExitCode.Usage, "--ca is not sha256: and 64 hexadecimal digits.", "'vsan-station init' printed it.");
        EnrolmentToken? token = null;
        if (invocation.Get(TokenFile) is { } file && !EnrolmentToken.TryParse(await System.IO.File.ReadAllTextAsync(file, invocation.Cancellation).ConfigureAwait(false), out token))
            throw new CommandFailure(ExitCode.Usage, $"{file} holds no enrolment token.", "Make one with 'vsan token create -o name > FILE'.");
        return token is null || authority is not null
            ? UnitConfigurationFile.Format(station, authority, token)
            : throw new CommandFailure(ExitCode.Usage, "A token would be proved to anybody without the fingerprint of the CA.", "Give --ca too.");
    }
}
