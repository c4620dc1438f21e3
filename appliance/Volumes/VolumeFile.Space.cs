using VSan.Block;
using VSan.Interop;

namespace VSan.Volumes;

/// <content>A file takes space of its filesystem, and shares what is left with every other file there.</content>
public sealed partial class VolumeFile
{
    /// <inheritdoc/>
    public override VolumeSpace? MeasureSpace()
    {
        try
        {
            // By name and not by descriptor, so that a look may meet the end of the volume and finds at worst nothing.
            (long available, long total) = FileSystem.SpaceAt(_path);
            return new VolumeSpace(FileSystem.AllocatedBytes(_path), available, total);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
