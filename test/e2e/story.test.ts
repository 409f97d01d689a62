/** A few messages; story.long.ts writes two hundred. */
import { describeStory } from './story.ts';

describeStory(48);
