using System.Security.Cryptography;
using VSan.Contracts;
using VSan.Images;

namespace VSan.UnitAgent.Updating;

/// <summary><c>vsan-unit slots</c>: one request, from standard input to standard output.</summary>
internal static class SlotVerbs
{
    /// <summary>Serves it.</summary>
    /// <exception cref="UnitFailure">This is no appliance, or its signers cannot be read.</exception>
    public static void Serve(ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments);
        string partition = line.One("--esp"), signers = line.One("--image-signers"), run = line.One("--run");
        line.RefuseUnknown();
        ImageVersion running = RunningImage.OfThisMachine.Version ?? throw new UnitFailure(ExitCode.Unusable, "This system is none of the appliance's images: there is nothing to keep.");
        using Stream input = Console.OpenStandardInput(), output = Console.OpenStandardOutput();
        new SlotKeeper(new BootSlots(new EspFiles(partition), running), Signers(signers), run).Serve(input, output);
    }

    /// <summary>Reads who is believed.</summary>
    /// <exception cref="UnitFailure">The file cannot be read.</exception>
    public static ImageSigners Signers(string path)
    {
        try
        {
            return ImageSigners.Load(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UnitFailure(ExitCode.Unusable, $"The signers of images cannot be read: {failure.Message}", failure);
        }
    }
}
