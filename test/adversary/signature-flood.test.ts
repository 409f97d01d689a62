/** The short form of signature-flood.long.ts. */
import { floodStory } from './flood-story.ts';

floodStory(5_000, 50);
